import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { OverflowEvent } from "../../src/domain/contracts/overflow.ts";
import type { InboxEvent } from "../../src/domain/events/inbox-event.ts";
import { readObjects, readOverflow } from "../../src/platform/env.ts";

const APP = "sharded";
const NOW_MS = Date.parse("2026-11-30T10:00:00Z");
const resourceOf = (n: number) => ({ kind: "location", id: `shardedLocation${n}` }) as const;
const eventOf = (n: number): InboxEvent =>
  ({
    dedupeKey: `sharded-${n}`,
    name: "AppInstall",
    type: "INSTALL",
    source: "webhook",
    quarantined: false,
    receivedAtMs: NOW_MS,
    body: new TextEncoder().encode("{}"),
  }) as unknown as InboxEvent;
const queueOf = (send: (message: OverflowEvent) => Promise<void>) => ({ send: vi.fn(send) });
const overflowOf = (n: number): OverflowEvent => ({
  tenant: { app: APP, resource: resourceOf(n), day: "2026-11-30" },
  event: eventOf(n),
});

it("an erasure finds buffered and held events of a resource, whatever the number of event buffers was", async () => {
  const resource = resourceOf(1);
  for (const [index, EVENT_BUFFERS] of ["1", "4", "16"].entries()) {
    const objects = readObjects({ ...env, EVENT_BUFFERS } as unknown as Env);
    const tenant = { app: APP, resource, day: "2026-11-30" };
    await objects.eventBuffer(APP, resource).buffer(tenant, eventOf(index));
    await objects.heldEvents(APP, resource).hold({ tenant, companyId: undefined, event: eventOf(index) });
  }
  const erased = await Promise.all(
    readObjects(env)
      .allEventBuffers(APP)
      .map((buffer) => buffer().erase(resource)),
  );
  expect(erased.reduce((sum, events) => sum + events, 0)).toBe(6);
});

it("all events of a resource have one event buffer, and many resources use every buffer", () => {
  const getByName = vi.fn((name: string) => name);
  const objects = readObjects({ EVENT_BUFFERS: "4", EVENT_BUFFER: { getByName } } as unknown as Env);
  const names = Array.from({ length: 100 }, (_, n) => objects.eventBuffer(APP, resourceOf(n)) as unknown as string);
  expect([...new Set(names)].sort()).toEqual([0, 1, 2, 3].map((n) => `${APP}:${n}`));
  expect(objects.eventBuffer(APP, resourceOf(5))).toBe(names[5]);
});

it("overflow queues share the events, and an event goes to the next queue where one refuses it", async () => {
  const taken = queueOf(async () => {});
  const refusing = queueOf(() => Promise.reject(new Error("unavailable")));
  const overflow = readOverflow({ OVERFLOW: refusing, OVERFLOW_2: taken } as unknown as Env);
  for (let n = 0; n < 40; n++) await overflow.send(overflowOf(n));
  expect(taken.send).toHaveBeenCalledTimes(40);
  expect(refusing.send.mock.calls.length).toBeGreaterThan(5);
  expect(refusing.send.mock.calls.length).toBeLessThan(35);
  const none = readOverflow({ OVERFLOW: refusing } as unknown as Env);
  await expect(none.send(overflowOf(0))).rejects.toThrow("unavailable");
});
