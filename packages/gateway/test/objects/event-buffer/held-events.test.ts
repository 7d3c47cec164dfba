import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { HeldEvent } from "../../../src/domain/contracts/event-buffer.ts";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { installLocation } from "../../support/calls/gateway.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

afterEach(() => vi.restoreAllMocks());

function heldEvent(locationId: string): HeldEvent {
  return {
    tenant: { app: APP, resource: { kind: "location", id: locationId }, day: new Date().toISOString().slice(0, 10) },
    companyId: undefined,
    event: {
      dedupeKey: locationId.padEnd(64, "0"),
      name: "ContactCreate",
      type: "ContactCreate",
      webhookId: undefined,
      eventAtMs: undefined,
      quarantined: false,
      source: "highlevel",
      signature: undefined,
      lifecycle: undefined,
      body: new TextEncoder().encode("{}"),
    },
  };
}

it("an event that is held after an erasure stays, although an erased event with the same seq was on its way", async () => {
  const [erased, later] = [LOCATIONS[0]!, LOCATIONS[1]!];
  await installLocation(erased);
  const stub = env.EVENT_BUFFER.getByName(`${APP}-held-erasure`);
  const sequence = (): Promise<readonly { seq: number; resource_key: string }[]> =>
    runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec<{ seq: number; resource_key: string }>("SELECT seq, resource_key FROM held_event").toArray(),
    );
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(async () => {
    await released;
    return { stored: true };
  });
  const first = heldEvent(erased);
  expect(await stub.hold(first)).toBe("held");
  const seq = (await sequence())[0]!.seq;
  await runInDurableObject(stub, (_object, { storage }) => {
    storage.sql.exec("UPDATE held_resource SET next_check_at_ms = 0");
  });
  const run = runDurableObjectAlarm(stub);
  await vi.waitFor(() => expect(store).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  expect(await stub.erase(first.tenant.resource!)).toBe(1);
  expect(await stub.hold(heldEvent(later))).toBe("held");
  // The row of the later event has the number that the erased one had.
  expect(await sequence()).toEqual([{ seq, resource_key: `location:${later}` }]);
  release();
  await run;
  expect(await sequence()).toEqual([{ seq, resource_key: `location:${later}` }]);
});
