import fc from "fast-check";
import { expect, it } from "vitest";
import type { WholeEvent } from "../../../src/domain/contracts/webhook-inbox.ts";
import { createInboxStore } from "../../../src/objects/webhook-inbox/inbox-store.ts";
import { inStorage } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

const tenant = { app: "main", resource: undefined, day: "2026-11-30" };
const event = (number: number, bytes: number) => ({
  dedupeKey: number.toString(16).padStart(13, "0").padEnd(64, "f"),
  name: "ContactCreate",
  type: "ContactCreate",
  webhookId: undefined,
  eventAtMs: number,
  quarantined: false,
  source: "highlevel" as const,
  signature: undefined,
  lifecycle: undefined,
  body: new Uint8Array(bytes).fill(number),
});

/** The event with a short form of its body: comparing a megabyte value by value takes seconds. */
const shown = ({ body, ...rest }: WholeEvent) => ({ ...rest, body: [body.byteLength, body[0], body.at(-1)] });

it("events in memory are the same as those in the storage, whatever their sizes and however many are routed at once", async () => {
  const sizes = fc.array(fc.constantFrom(1, 1_000, 300_000, 700_000, 1_200_000), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 5 }), (drawn, limit) =>
      inStorage(({ sql }) => {
        const store = createInboxStore(sql);
        for (const [number, bytes] of drawn.entries()) store.insert(tenant, event(number, bytes), 1_000 + number);
        const routed: number[] = [];
        while (store.hasUnrouted()) {
          const events = store.unrouted(limit, 1_000_000);
          // A store that has just been created reads everything.
          for (const one of events) expect(shown(one)).toEqual(shown(createInboxStore(sql).whole(one.seq)!));
          routed.push(...events.map(({ seq }) => seq));
          store.setRouted(events.at(-1)!.seq);
        }
        expect(routed).toEqual(drawn.map((_, index) => index + 1));
      }),
    ),
    { numRuns: 25 },
  );
});

it("an event that was just stored is routed without a read", () =>
  inStorage(({ sql }) => {
    const meter = metered(sql);
    const store = createInboxStore(meter.sql);
    store.insert(tenant, event(1, 2_000), 1_000);
    expect(meter.count(() => expect(store.unrouted(100, 1_000_000)).toHaveLength(1)).read).toBe(0);
  }));
