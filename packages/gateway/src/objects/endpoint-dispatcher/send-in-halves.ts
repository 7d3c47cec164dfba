import { isBodyRefused } from "../../domain/delivery/batch.ts";
import { breakerEvent, type Outcome } from "../../domain/delivery/delivery-outcome.ts";

/** Time after which a refused batch is not divided further. Its other events wait for their next attempt. */
const MAX_DIVIDING_MS = 60_000;

/**
 * Sends a batch. When the endpoint refuses its body, both halves are sent, down to single events, so that one bad event does not take the
 * others with it. Ends when the endpoint fails for another reason: the rest keeps the outcome of its larger request.
 */
export async function sendInHalves<Item>(
  batch: readonly Item[],
  send: (part: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const untilMs = Date.now() + MAX_DIVIDING_MS;
  const outcomes = new Map<Item, Outcome>();
  const parts: (readonly Item[])[] = [batch];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const results = await send(part);
    for (const [index, item] of part.entries()) outcomes.set(item, results[index]!);
    if (Date.now() >= untilMs || !results.every((outcome) => isDelivered(outcome) || isRefusal(outcome))) break;
    if (part.length === 1 || !results.every(isBodyRefused)) continue;
    const middle = Math.ceil(part.length / 2);
    parts.unshift(part.slice(0, middle), part.slice(middle));
  }
  return batch.map((item) => outcomes.get(item)!);
}

const isDelivered = ({ kind }: Outcome): boolean => kind === "delivered";
/** Whether the endpoint works, although it did not accept the event. */
const isRefusal = (outcome: Outcome): boolean => outcome.kind === "failed" && breakerEvent(outcome).type === "refused";
