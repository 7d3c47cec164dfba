/** A virtual clock: events in order of time, then of scheduling. */
interface Scheduled {
  readonly timeMs: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Scheduled, b: Scheduled): boolean =>
  a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);

export class World {
  nowMs = 0;
  #order = 0;
  readonly #heap: Scheduled[] = [];
  readonly #cancelled = new Set<Scheduled>();

  /** Runs `run` at `timeMs` (not before now); returns a function that cancels it. */
  at(timeMs: number, run: () => void): () => void {
    const event: Scheduled = { timeMs: Math.max(timeMs, this.nowMs), order: this.#order++, run };
    const heap = this.#heap;
    heap.push(event);
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
    return () => void this.#cancelled.add(event);
  }

  /** Runs everything up to `untilMs`. */
  run(untilMs: number): void {
    while (this.#step(untilMs));
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Same, with `settle` awaited after each event: for code that goes on in promises. */
  async runAsync(untilMs: number, settle: () => Promise<void>, done: () => boolean = () => false): Promise<void> {
    await settle();
    while (!done() && this.#step(untilMs)) await settle();
  }

  #step(untilMs: number): boolean {
    const event = this.#heap[0];
    if (event === undefined || event.timeMs > untilMs) return false;
    this.#pop();
    if (this.#cancelled.delete(event)) return true;
    this.nowMs = event.timeMs;
    event.run();
    return true;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}
