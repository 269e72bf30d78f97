/**
 * What `read` gives for each item, from up to `concurrency` items at once, in the order of arrival. Items are taken only when a reader
 * is free, and readers wait while what they gave is not taken. Ends all of them when one fails or the caller stops (`stop` is
 * called first, so that they need not be waited for long).
 */
export async function* mergeConcurrently<Item, Output>(
  items: AsyncIterable<Item>,
  options: {
    readonly read: (item: Item) => AsyncIterable<Output>;
    readonly concurrency: number;
    readonly stop: () => void;
  },
): AsyncGenerator<Output> {
  const channel = new Channel<Output>();
  const iterator = items[Symbol.asyncIterator]();
  let taking: Promise<unknown> = Promise.resolve();
  let exhausted = false;
  /** one reader at a time asks for the next item */
  const takeItem = async (): Promise<IteratorResult<Item>> => {
    const turn = taking.then(async () =>
      exhausted ? { done: true as const, value: undefined } : await iterator.next(),
    );
    taking = turn.catch(() => undefined);
    const next = await turn;
    if (next.done) exhausted = true;
    return next;
  };
  const work = async (): Promise<void> => {
    for (let next = await takeItem(); !next.done; next = await takeItem()) {
      for await (const output of options.read(next.value)) {
        if (channel.isClosed) return;
        await channel.put(output);
        if (channel.isClosed) return;
      }
    }
  };
  const workers = Array.from({ length: options.concurrency }, () =>
    work().catch((error: unknown) => {
      channel.fail(error);
    }),
  );
  void Promise.all(workers).then(() => {
    channel.end();
  });
  try {
    yield* channel.outputs();
  } finally {
    channel.close();
    options.stop();
    exhausted = true;
    await Promise.all(workers);
    await iterator.return?.();
  }
}

/** Hands values from several givers to one taker; a giver waits until its value is taken. */
class Channel<Value> {
  readonly #offers: { readonly value: Value; readonly taken: () => void }[] = [];
  #wake: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  isClosed = false;

  async put(value: Value): Promise<void> {
    await new Promise<void>((taken) => {
      this.#offers.push({ value, taken });
      this.#wake?.();
    });
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  close(): void {
    this.isClosed = true;
    for (const { taken } of this.#offers.splice(0)) taken();
  }

  async *outputs(): AsyncGenerator<Value> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const offer = this.#offers.shift();
      if (offer) {
        offer.taken();
        yield offer.value;
      } else if (this.#ended) return;
      else await new Promise<void>((wake) => (this.#wake = wake));
    }
  }
}
