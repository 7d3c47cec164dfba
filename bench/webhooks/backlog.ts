import type { Row } from "../report/row.ts";
import { median } from "../report/statistics.ts";
import { startDestination } from "./destination.ts";
import { withEnvironment } from "./environment.ts";

const LOCATIONS = 20;
const AT_ONCE = 16;
const BATCH_SIZE = 100;

/** An endpoint that answers after a time, with or without batches. */
interface Endpoint {
  readonly answersAfterMs: number;
  readonly batchSize: number;
  readonly events: number;
}

/**
 * Returns the deliveries per second of events that wait for a paused endpoint when it is enabled, so that taking events over does not limit
 * the rate. The time is from the first arrival to the last answer.
 */
async function drain({ answersAfterMs, batchSize, events }: Endpoint): Promise<number> {
  const arrived = new Set<number>();
  let [firstMs, lastMs] = [0, 0];
  let onAll = (): void => {};
  const all = new Promise<void>((resolve) => (onAll = resolve));
  const destination = await startDestination((_path, number) => {
    if (arrived.size === 0) firstMs = performance.now();
    lastMs = performance.now();
    arrived.add(number);
    if (arrived.size === events) onAll();
    return answersAfterMs;
  });
  try {
    return await withEnvironment({ locations: LOCATIONS }, async (environment) => {
      const { caller, locations, post, addEndpoint, enableEndpoint } = environment;
      const id = await addEndpoint(`${destination.url}/drains`, { batchSize, state: "paused" });
      await caller.timed((index) => post({ locationId: locations[index % LOCATIONS]! }), events, AT_ONCE);
      await settled(environment.workers, id, events);
      await enableEndpoint(id);
      await all;
      return (events / (lastMs + answersAfterMs - firstMs)) * 1000;
    });
  } finally {
    await destination.close();
  }
}

/** Waits until all events wait in the dispatcher. */
async function settled(
  { gatewayUrl, adminKey }: { readonly gatewayUrl: string; readonly adminKey: string },
  id: string,
  events: number,
): Promise<void> {
  const headers = { authorization: `Bearer ${adminKey}` };
  for (;;) {
    const status = await fetch(`${gatewayUrl}/admin/endpoints/${id}/status`, { headers });
    if (((await status.json()) as { due: number }).due >= events) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Measures an endpoint with one shard that answers after 5 ms and after 200 ms, with batches and without. */
export async function backlogRows(section: string, short: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const answersAfterMs of [5, 200])
    for (const batchSize of [1, BATCH_SIZE]) {
      const events = batchSize > 1 ? 3_000 : answersAfterMs > 5 ? 120 : 600;
      const rates: number[] = [];
      for (let round = 0; round < (short ? 1 : 3); round++)
        rates.push(await drain({ answersAfterMs, batchSize, events }));
      rows.push({
        section,
        peer: "–",
        what: `waiting events, one endpoint that answers after ${answersAfterMs} ms, ${batchSize > 1 ? `batches of ${batchSize}` : "no batches"}`,
        unit: "per s",
        ours: median(rates),
        ...(batchSize > 1 ? { target: { of: "ours", bound: "at least", value: 2_000 } } : {}),
        note: `${events} events, one shard`,
      });
    }
  return rows;
}
