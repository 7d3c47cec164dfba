import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { arrived, openDelivery, useEndpoints } from "../../support/endpoints/endpoints.ts";
import { dayOf, storeEvents } from "../../support/endpoints/events.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const endpoints = useEndpoints();

it.each([
  { ending: "succeeds", location: LOCATIONS[240]!, answer: async () => true },
  { ending: "fails", location: LOCATIONS[241]!, answer: () => Promise.reject(new Error("broken")) },
])(
  "an event that arrives after an erasure is delivered, although the hand-over of an erased event $ending later",
  async ({ location, answer }) => {
    const nowMs = Date.now();
    const endpoint = await endpoints.add();
    const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${dayOf(nowMs)}`);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const handOver = vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(async () => {
      await released;
      return answer();
    });
    await storeEvents([{ location, atMs: nowMs }]);
    await vi.waitFor(() => expect(handOver).toHaveBeenCalled());
    expect(await inbox.erase()).toBe(1);
    const [id] = await storeEvents([{ location, atMs: nowMs + 1 }]);
    handOver.mockRestore();
    release();
    // The erased event does not arrive, also not with a later try of its hand-over.
    const [delivery] = await arrived(endpoint, 1);
    expect((await openDelivery(endpoint, delivery!)).id).toBe(id);
    await vi.waitFor(() =>
      runInDurableObject(inbox, (_object, { storage: { sql } }) => {
        expect(sql.exec("SELECT seq FROM event").toArray()).toEqual([{ seq: 1 }]);
        expect(sql.exec("SELECT * FROM event_task").toArray()).toEqual([]);
      }),
    );
  },
);
