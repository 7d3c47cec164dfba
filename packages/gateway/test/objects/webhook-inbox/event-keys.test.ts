import fc from "fast-check";
import { expect, it } from "vitest";
import { createInboxStore } from "../../../src/objects/webhook-inbox/inbox-store.ts";
import { inStorage } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

const tenant = { app: "main", resource: undefined, day: "2026-11-30" };
/** A key of 64 hexadecimal digits. Keys of `alike` numbers share their first 13 digits. */
const keyOf = (number: number, alike = false): string =>
  (alike ? "0".repeat(13) : "") +
  number
    .toString(16)
    .padStart(alike ? 51 : 13, "0")
    .padEnd(alike ? 51 : 64, "f");
const event = (dedupeKey: string) => ({
  dedupeKey,
  name: "ContactCreate",
  type: undefined,
  webhookId: undefined,
  eventAtMs: undefined,
  quarantined: false,
  source: "highlevel" as const,
  signature: undefined,
  lifecycle: undefined,
  body: new Uint8Array(1),
});

it("an inbox stores each key once, whatever the order of events and of restarts", async () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 20, arbitrary: fc.record({ number: fc.integer({ min: 0, max: 120 }), alike: fc.boolean() }) },
      { weight: 1, arbitrary: fc.constant("restart" as const) },
    ),
    { minLength: 1, maxLength: 300 },
  );
  await fc.assert(
    fc.asyncProperty(steps, (drawn) =>
      inStorage(({ sql }) => {
        let store = createInboxStore(sql);
        const stored = new Set<string>();
        for (const step of drawn) {
          if (step === "restart") store = createInboxStore(sql);
          else {
            const key = keyOf(step.number, step.alike);
            expect(store.insert(tenant, event(key), 1_000)).toBe(!stored.has(key));
            stored.add(key);
            expect(store.find(`evt_${key.slice(0, 32)}`)?.dedupeKey.slice(0, 32)).toBe(key.slice(0, 32));
          }
        }
        expect(store.count()).toBe(stored.size);
        expect(store.has(keyOf(500))).toBe(false);
      }),
    ),
    { numRuns: 30 },
  );
});

it("an event writes one row, and an inbox that wakes reads one row for 32 events", async () => {
  const [small, large] = await Promise.all(
    [1_000, 10_000].map((events) =>
      inStorage(({ sql }) => {
        const meter = metered(sql);
        const before = createInboxStore(meter.sql);
        for (let number = 0; number < events; number++) before.insert(tenant, event(keyOf(number)), 1_000);
        const active = meter.count(() => before.insert(tenant, event(keyOf(events)), 1_000));
        const woken = createInboxStore(meter.sql);
        const first = meter.count(() => woken.insert(tenant, event(keyOf(events + 1)), 1_000));
        const duplicate = meter.count(() => woken.insert(tenant, event(keyOf(0)), 1_000));
        return { active, first, duplicate };
      }),
    ),
  );
  expect(large).toMatchObject({ active: { written: 1, read: 1 }, duplicate: { written: 0, read: 1 } });
  expect(small).toMatchObject({ first: { written: 1 } });
  expect(large!.first.read - small!.first.read).toBeLessThan((3 * 9_000) / 32 + 20);
});

it("an inbox whose oldest events were deleted still knows the others", () =>
  inStorage(({ sql }) => {
    const store = createInboxStore(sql);
    for (let number = 0; number < 100; number++)
      store.insert(tenant, event(keyOf(number)), number < 40 ? 1_000 : 100_000_000);
    store.deleteReceivedBefore(50_000_000);
    for (const known of [store, createInboxStore(sql)]) {
      expect(known.has(keyOf(39))).toBe(false);
      for (let number = 40; number < 100; number++) expect(known.has(keyOf(number))).toBe(true);
    }
  }));
