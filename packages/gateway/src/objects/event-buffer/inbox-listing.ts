import { sleepByTimer } from "@ghl-edge/core";
import type { Directory } from "../../directory/directory.ts";
import { type ListedInbox, listedInboxKey } from "../../directory/tables/inboxes.ts";
import { createDeferred, type Deferred } from "../deferred.ts";

/** Shortest time between two writes. At midnight each brings hundreds of inboxes; a single inbox is written at once. */
export const WRITE_EVERY_MS = 1_000;
/** Upper bound for one statement: some 100 KB of JSON. */
const MAX_INBOXES = 1_000;

type Kind = "list" | "forget";

/** A change that waits for its write. */
interface Change {
  readonly kind: Kind;
  readonly inbox: ListedInbox;
  /** Resolves with the number of rows that were removed. */
  readonly done: Deferred<number>;
}

/**
 * Writes many inboxes to the directory at once, because its database runs one statement at a time. Nothing is stored here. An inbox that gets
 * no answer repeats its call, so a lost call is only a later one. All changes of an inbox come here, and are written in their order.
 */
export class InboxListing {
  readonly #inboxes: () => Pick<Directory["inboxes"], "change">;
  readonly #pending = new Map<string, Change>();
  /** The last change of each inbox that is not written yet. An opposite one waits for it, so that they are not in the same write. */
  readonly #last = new Map<string, Change>();
  #isRunning = false;

  constructor(inboxes: () => Pick<Directory["inboxes"], "change">) {
    this.#inboxes = inboxes;
  }

  /**
   * @returns the number of rows that were removed
   * @throws what the directory throws
   */
  async change(kind: Kind, inbox: ListedInbox): Promise<number> {
    const key = listedInboxKey(inbox);
    const before = this.#last.get(key);
    if (before?.kind === kind) return before.done.promise;
    const change: Change = { kind, inbox, done: createDeferred<number>() };
    this.#last.set(key, change);
    await before?.done.promise.catch(() => {});
    this.#pending.set(key, change);
    void this.#run();
    return change.done.promise;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#pending.size > 0) {
      await this.#write([...this.#pending].slice(0, MAX_INBOXES));
      await sleepByTimer(WRITE_EVERY_MS);
    }
    this.#isRunning = false;
  }

  async #write(changes: readonly (readonly [key: string, change: Change])[]): Promise<void> {
    const of = (kind: Kind) => changes.filter(([, change]) => change.kind === kind).map(([, { inbox }]) => inbox);
    try {
      const removed = new Set(await this.#inboxes().change({ listed: of("list"), forgotten: of("forget") }));
      this.#end(changes, (key, { done }) => done.resolve(removed.has(key) ? 1 : 0));
    } catch (error) {
      this.#end(changes, (_key, { done }) => done.reject(error));
    }
  }

  #end(changes: readonly (readonly [string, Change])[], settle: (key: string, change: Change) => void): void {
    for (const [key, change] of changes) {
      this.#pending.delete(key);
      if (this.#last.get(key) === change) this.#last.delete(key);
      settle(key, change);
    }
  }
}
