/** Events by their time, the earliest first: a binary heap. Events of one time come in the order in which they were added. */
export class EventQueue<Event> {
  private readonly heap: { at: number; order: number; event: Event }[] = [];
  private added = 0;

  get size(): number {
    return this.heap.length;
  }

  add(at: number, event: Event): void {
    const entry = { at, order: this.added++, event };
    let i = this.heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = this.heap[parent];
      if (!above || !isBefore(entry, above)) break;
      this.heap[i] = above;
      i = parent;
    }
    this.heap[i] = entry;
  }

  /** Takes the earliest event away. */
  next(): { at: number; event: Event } | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (!first || !last || this.heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      const [left, right] = [this.heap[child], this.heap[child + 1]];
      if (left && right && isBefore(right, left)) child += 1;
      const smaller = this.heap[child];
      if (!smaller || !isBefore(smaller, last)) break;
      this.heap[i] = smaller;
      i = child;
    }
    this.heap[i] = last;
    return first;
  }
}

const isBefore = (a: { at: number; order: number }, b: { at: number; order: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
