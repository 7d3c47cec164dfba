import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyWebhook } from "@ghl-edge/webhooks";
import { createDeliveryVerifier } from "@ghl-edge/webhooks/gateway";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { eventId } from "../../../src/domain/events/inbox-event.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { call, deliver, settled, upstream } from "../../support/calls/gateway.ts";
import type { Received } from "../../support/endpoints/destination.ts";
import { arrived, destination, openDelivery, statesOf, useEndpoints } from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const locations = [...LOCATIONS];
let location: string;
const { add } = useEndpoints();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

beforeEach(() => {
  location = locations.shift()!;
});

describe("an event", () => {
  it("an event arrives signed, with its name, resource and payload as HighLevel wrote it", async () => {
    const endpoint = await add();
    const sent = await upstream.sign("ContactCreate", { locationId: location, firstName: "Zoë" });
    const headers = { "x-ghl-signature": sent.signature };
    await call(`/webhooks/${APP}`, { method: "POST", headers, body: sent.body });
    const [received] = await arrived(endpoint, 1);
    const delivery = await openDelivery(endpoint, received!);
    expect(delivery).toMatchObject({ name: "ContactCreate", app: APP, source: "highlevel" });
    expect(delivery.resource).toEqual({ kind: "location", id: location });
    expect(delivery.event).toMatchObject({ firstName: "Zoë" });
    expect(received!.body).toContain(`"data":${sent.body}}`);
    expect(received!.headers["webhook-id"]).toBe(delivery.id);
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered"]));
  });

  it("an event goes to the endpoints that match its name, resource and payload", async () => {
    const endpoints = {
      all: await add(),
      name: await add({ types: ["ContactCreate"] }),
      family: await add({ types: ["Contact*"] }),
      otherName: await add({ types: ["ContactDelete", "Opportunity*"] }),
      resource: await add({ resources: [{ kind: "location", id: location }] }),
      otherResource: await add({ resources: [{ kind: "location", id: "elsewhere" }] }),
      payload: await add({ filter: { tags: [{ prefix: "vip-" }], firstName: ["Ada"] } }),
      otherPayload: await add({ filter: { firstName: [{ "anything-but": "Ada" }] } }),
      disabled: await add({ state: "disabled" }),
    };
    await deliver("ContactCreate", { locationId: location, firstName: "Ada", tags: ["new", "vip-1"] });
    await Promise.all(
      [endpoints.all, endpoints.name, endpoints.family, endpoints.resource, endpoints.payload].map((one) =>
        arrived(one, 1),
      ),
    );
    for (const one of [endpoints.otherName, endpoints.otherResource, endpoints.otherPayload, endpoints.disabled])
      expect(await statesOf(one)).toEqual([]);
  });

  it("an event in raw format is HighLevel's bytes with HighLevel's signature, and ours", async () => {
    const endpoint = await add({ format: "raw" });
    const { secret } = endpoint;
    await deliver("ContactUpdate", { locationId: location, id: "c1" });
    const [{ body, headers } = {} as Received] = await arrived(endpoint, 1);
    const verified = await verifyWebhook({ body, headers, keys: [await upstream.publicKey()] });
    expect(verified.payload).toMatchObject({ type: "ContactUpdate", id: "c1" });
    const ours = await createDeliveryVerifier({ secrets: [secret] }).verifySignature({ body, headers });
    expect(ours.id).toBe(headers["webhook-id"]);
  });

  it("an event that came twice is delivered once, and so is one that is handed over twice", async () => {
    const endpoint = await add();
    const sent = await upstream.sign("ContactCreate", { locationId: location });
    const headers = { "x-ghl-signature": sent.signature };
    // The dispatcher has stored it, and the inbox does not learn of it.
    const original = EndpointDispatcher.prototype.enqueue;
    vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementationOnce(async function (this: never, ...args) {
      await original.apply(this, args);
      throw new Error("answer lost");
    });
    for (let i = 0; i < 3; i++) await call(`/webhooks/${APP}`, { method: "POST", headers, body: sent.body });
    await settled(`location:${location}:${new Date().toISOString().slice(0, 10)}`);
    await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered"]));
    expect(await destination.count(endpoint)).toEqual({ count: 1, distinct: 1 });
  });

  it("an event is handed over later where the dispatcher cannot be reached, or the directory", async () => {
    const endpoint = await add();
    const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${new Date().toISOString().slice(0, 10)}`);
    const enqueue = vi
      .spyOn(EndpointDispatcher.prototype, "enqueue")
      .mockImplementation(() => Promise.reject(new Error("broken")));
    const post = async () => {
      const { body, signature } = await upstream.sign("ContactCreate", { locationId: location });
      return call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": signature }, body });
    };
    expect((await post()).status).toBe(200);
    await vi.waitFor(() => expect(enqueue).toHaveBeenCalledTimes(2));
    enqueue.mockRestore();
    await arrived(endpoint, 1);

    // A new endpoint clears the cached endpoints.
    await add({ types: ["endpoint.disabled"] });
    const prepare = vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    expect((await post()).status).toBe(200);
    const pending = () =>
      runInDurableObject(inbox, (_object, { storage }) => storage.sql.exec("SELECT task FROM event_task").toArray());
    await vi.waitFor(async () => expect(await pending()).toEqual([{ task: "route" }]));
    prepare.mockRestore();
    await arrived(endpoint, 2);
  });

  it("an event from outside the window is quarantined: no endpoint receives it", async () => {
    const endpoint = await add({ types: ["ContactCreate"] });
    const timestamp = new Date(Date.now() - 100 * HOUR_MS).toISOString();
    await deliver("ContactCreate", { locationId: location, timestamp });
    expect(await statesOf(endpoint)).toEqual([]);
  });
});

it("an inbox finds an event by its id, and sends it again to one endpoint", async () => {
  const endpoint = await add();
  const sent = await upstream.sign("ContactCreate", { locationId: location });
  await call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": sent.signature }, body: sent.body });
  const [first] = await arrived(endpoint, 1);
  await vi.waitFor(async () => expect(await statesOf(endpoint)).toEqual(["delivered"]));
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${new Date().toISOString().slice(0, 10)}`);
  const id = first!.headers["webhook-id"]!;
  const event = await inbox.event(id);
  expect(event && eventId(event.dedupeKey)).toBe(id);
  const request = { ids: [id], dryRun: true, limit: 10 };
  expect(await inbox.replay(endpoint.endpoint.id, request)).toMatchObject({ matched: 1 });
  expect(await destination.count(endpoint)).toMatchObject({ count: 1 });
  expect(await inbox.replay(endpoint.endpoint.id, { ...request, dryRun: false })).toMatchObject({ matched: 1 });
  const [, second] = await arrived(endpoint, 2);
  expect(second!.headers["webhook-id"]).toBe(id);
  expect((await openDelivery(endpoint, second!)).event).toEqual(JSON.parse(sent.body));
});
