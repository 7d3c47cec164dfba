import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import { destination, dispatcher, type TestEndpoint, useEndpoints } from "../../support/endpoints/endpoints.ts";
import { APP } from "../../support/setup/settings.ts";
import { failStorage } from "../../support/storage/faults.ts";

const { add } = useEndpoints();
const SEEDS = 8;
const STEPS = 25;
const KEYS = ["a", "b", null, null];
const isWrite = (query: string): boolean => /^\s*(INSERT|UPDATE|DELETE)/.test(query);
let ids = 0;

/** A generator of numbers below `n`, the same for the same seed. */
function numbersOf(seed: number): (n: number) => number {
  let state = seed * 2_654_435_761;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function newDelivery(orderKey: string | null, bytes: number): NewDelivery {
  const id = `evt_${(++ids).toString(16).padStart(32, "0")}`;
  const resource = { kind: "location", id: "l1" } as const;
  const body = new Uint8Array(bytes).fill(32);
  return { id, type: "ContactCreate", source: "highlevel", resource, inbox: null, orderKey, headers: {}, body };
}

/** Hands deliveries over as inboxes do: again under the same ids until they are accepted, those of one key in their order. */
function createInbox(to: TestEndpoint) {
  const all: NewDelivery[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const address = { app: APP, endpointId: to.endpoint.id, shard: 0 };
  const handOver = async (deliveries: readonly NewDelivery[]): Promise<void> => {
    for (;;)
      try {
        if (await dispatcher(to).enqueue(address, deliveries, false)) return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
  };
  return {
    all,
    bring(deliveries: readonly NewDelivery[]): void {
      all.push(...deliveries);
      last = last.then(() => handOver(deliveries));
    },
    done: () => last,
  };
}

it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
  "every delivery arrives, once unless its answer was lost, and in the order of its key: schedule %i",
  async (seed) => {
    const next = numbersOf(seed);
    const endpoint = await add({ types: [], ordered: true });
    // Keys are of one inbox each, because inboxes do not wait for each other.
    const inboxes = [createInbox(endpoint), createInbox(endpoint)];
    let died = false;
    const steps = [
      () => {
        const index = next(2);
        const deliveries = Array.from({ length: 1 + next(4) }, () => {
          const key = KEYS[next(KEYS.length)]!;
          return newDelivery(key === null ? null : `${key}${index}`, next(10) === 0 ? 1_500_000 : 10);
        });
        inboxes[index]!.bring(deliveries);
        // Another inbox may have the same event.
        if (next(5) === 0) createInbox(endpoint).bring(deliveries.filter(({ orderKey }) => orderKey === null));
      },
      () => destination.behave(endpoint, { status: 500, times: 1 + next(2) }),
      () => destination.behave(endpoint, { hang: true, times: 1 + next(3) }),
      () => destination.behave(endpoint, { broken: true, times: 1 }),
      () => destination.release(endpoint),
      () => new Promise((resolve) => setTimeout(resolve, next(120))),
      () => dispatcher(endpoint).endpointChanged(),
      async () => {
        await failStorage({ sql: isWrite, kv: (operation) => operation === "put" });
        await new Promise((resolve) => setTimeout(resolve, next(100)));
        vi.restoreAllMocks();
      },
      () => {
        if (next(3) > 0) return;
        died = true;
        const aborted = runInDurableObject(dispatcher(endpoint), (_object, state) => state.abort("reload"));
        return aborted.catch(() => {});
      },
    ];
    for (let step = 0; step < STEPS; step++) await steps[next(3) === 0 ? 0 : next(steps.length)]!();
    await destination.behave(endpoint, {});
    const all = inboxes.flatMap((inbox) => inbox.all);
    const idsOf = (deliveries: readonly NewDelivery[]) => deliveries.map(({ id }) => id).sort();
    await vi.waitFor(
      async () => {
        await destination.release(endpoint);
        await dispatcher(endpoint).endpointChanged(true);
        await runDurableObjectAlarm(dispatcher(endpoint)).catch(() => {});
        const { items } = await dispatcher(endpoint).deliveries({ state: "delivered" }, 500);
        expect(items.map(({ id }) => id).sort()).toEqual(idsOf(all));
      },
      { timeout: 80_000, interval: 100 },
    );
    await Promise.all(inboxes.map((inbox) => inbox.done()));
    const { items } = await dispatcher(endpoint).deliveries({}, 500);
    const endedAtMs = new Map(items.map(({ id, attempts }) => [id, attempts.at(-1)!]));
    for (const key of ["a0", "a1", "b0", "b1"]) {
      const times = all.filter(({ orderKey }) => orderKey === key).map(({ id }) => endedAtMs.get(id)!.atMs);
      expect(times).toEqual([...times].sort((one, other) => one - other));
    }
    if (died) return;
    const succeeded = (await destination.received(endpoint)).filter(({ status }) => status === 200);
    expect(succeeded.map(({ headers }) => headers["webhook-id"]!).sort()).toEqual(idsOf(all));
  },
);
