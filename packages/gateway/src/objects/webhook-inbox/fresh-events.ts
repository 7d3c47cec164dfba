import type { WholeEvent } from "../../domain/contracts/webhook-inbox.ts";

/** Limits the bodies in memory. Events beyond it are read from the storage. */
const MAX_BYTES = 1_048_576;

/** Events that were just stored, so that routing them does not read them again. */
export interface FreshEvents {
  add(event: WholeEvent): void;
  /** Returns the events from this `seq` on, without a gap: as many as fit, and none when the first one is not in memory. */
  from(seq: number, limit: number, maxBytes: number): readonly WholeEvent[];
  /** Drops the events up to this `seq`. */
  dropUpTo(seq: number): void;
  clear(): void;
}

export function createFreshEvents(): FreshEvents {
  const events = new Map<number, WholeEvent>();
  let bytes = 0;
  return {
    add(event) {
      if (bytes + event.bodyBytes > MAX_BYTES) return;
      events.set(event.seq, event);
      bytes += event.bodyBytes;
    },
    from(seq, limit, maxBytes) {
      const found: WholeEvent[] = [];
      let sum = 0;
      for (
        let event = events.get(seq);
        event !== undefined && found.length < limit;
        event = events.get(event.seq + 1)
      ) {
        sum += event.bodyBytes;
        if (found.length > 0 && sum > maxBytes) break;
        found.push(event);
      }
      return found;
    },
    dropUpTo(seq) {
      // A map iterates in the order of insertion, so the lowest `seq` comes first.
      for (const [key, event] of events) {
        if (key > seq) return;
        events.delete(key);
        bytes -= event.bodyBytes;
      }
    },
    clear() {
      events.clear();
      bytes = 0;
    },
  };
}
