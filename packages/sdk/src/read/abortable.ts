/**
 * The items of `source` until `signal` is aborted: then its reason is thrown at once, also while the source does not answer. The source
 * is told to end; what it still does ends by its own look at the signal.
 */
export async function* abortable<Item>(source: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  signal.throwIfAborted();
  let wake: () => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    wake = () => resolve(undefined);
  });
  signal.addEventListener('abort', wake, { once: true });
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === undefined || signal.aborted) throw signal.reason;
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    // a source that is stuck must not hold up the error
    if (!ended) await Promise.race([iterator.return?.(), aborted]);
    signal.removeEventListener('abort', wake);
  }
}
