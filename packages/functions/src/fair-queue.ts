/**
 * Items wait in the order of their arrival within a group; groups take turns, so a group of a thousand delays a group of one by one
 * item only.
 */
export class FairQueue<Item> {
  /** groups in the order of their turns: a Map keeps insertion order, and a served group is put at the end */
  readonly #groups = new Map<string, Set<Item>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: Item, group: string): void {
    const items = this.#groups.get(group) ?? new Set<Item>();
    if (items.size === 0) this.#groups.set(group, items);
    items.add(item);
    this.#size++;
  }

  shift(): Item | undefined {
    for (const [group, items] of this.#groups) {
      for (const item of items) {
        this.#groups.delete(group);
        items.delete(item);
        this.#size--;
        if (items.size > 0) this.#groups.set(group, items);
        return item;
      }
    }
    return undefined;
  }

  /** Takes an item out that need not be served any more; false when it is not waiting. */
  delete(item: Item, group: string): boolean {
    const items = this.#groups.get(group);
    if (items === undefined || !items.delete(item)) return false;
    if (items.size === 0) this.#groups.delete(group);
    this.#size--;
    return true;
  }
}
