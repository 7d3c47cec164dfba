import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Page } from "../../../src/domain/administration-model.ts";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import type { Delivery } from "../../../src/services/administration/deliveries.ts";
import type { EventSummary } from "../../../src/services/administration/events.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer, all, codeOf } from "../../support/calls/admin.ts";
import { call, deliver, settled, upstream } from "../../support/calls/gateway.ts";
import { addEndpoint, arrived, removeEndpoint } from "../../support/endpoints/endpoints.ts";
import { dayOf, inboxesListed, storeEvents } from "../../support/endpoints/events.ts";
import { APP, COMPANY, LOCATIONS, WIDE_APP } from "../../support/setup/settings.ts";

const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
const UNKNOWN = [404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"];
const DAY_MS = 86_400_000;
/** Noon, so that nothing happens at midnight. */
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2;
const [ONE, TWO] = LOCATIONS.slice(60) as [string, string];
const daysAgo = (days: number, minutes = 0): number => TODAY_MS - days * DAY_MS + minutes * 60_000;
/** The events are in the order in which they are listed. */
const ids: string[] = [];

const listed = async (query: string, limit = 50): Promise<string[]> =>
  (await all<EventSummary>(`/admin/events?app=${APP}&${query}&`, limit)).items.map(({ id }) => id);
/** The ids at these places. */
const at = (...numbers: number[]): string[] => numbers.map((number) => ids[number]!);

beforeAll(async () => {
  const arrivals = [
    { location: TWO, atMs: daysAgo(1, 2), name: "ContactDelete" },
    { location: TWO, atMs: daysAgo(1, 1) },
    { location: ONE, atMs: daysAgo(1, 30) },
    { location: TWO, atMs: daysAgo(3) },
    // The answer to a forgery of an old time; what held up the one after it was an outage of a week.
    { location: TWO, atMs: daysAgo(1, 3), day: dayOf(daysAgo(20)), quarantined: true },
    { location: ONE, atMs: daysAgo(1, 4), day: dayOf(daysAgo(8)) },
  ];
  // An inbox lists its events in the order of their arrival.
  const order = arrivals.map((_, number) => number).sort((one, other) => arrivals[one]!.atMs - arrivals[other]!.atMs);
  const stored = await storeEvents(order.map((number) => arrivals[number]!));
  for (const [i, number] of order.entries()) ids[number] = stored[i]!;
  ids.push(...ids.splice(4, 1));
  await inboxesListed(5);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("events", () => {
  it("events are listed newest day first, each once, in pages of any size", async () => {
    for (const limit of [1, 2, 4, 50]) expect(await listed("", limit)).toEqual(ids);
  });

  it("events are searched by resource, name, time and quarantine", async () => {
    expect(await listed(`kind=location&resourceId=${ONE}`)).toEqual(at(2, 4));
    expect(await listed(`kind=company&resourceId=${ONE}`)).toEqual([]);
    expect(await listed("type=ContactDelete")).toEqual(at(0));
    expect(await listed("quarantined=true")).toEqual(at(5));
    expect(await listed("quarantined=false")).toEqual(at(0, 1, 2, 3, 4));
    const range = `fromMs=${daysAgo(1, 2)}&toMs=${daysAgo(1, 5)}`;
    expect(await listed(range)).toEqual(at(0, 4, 5));
    // Days that cannot have them are not asked.
    const reads = vi.spyOn(WebhookInbox.prototype, "events");
    expect(await listed(`${range}&quarantined=false`)).toEqual(at(0, 4));
    expect(reads).toHaveBeenCalledTimes(4);
    expect(await listed(`fromMs=${daysAgo(1)}&type=ContactDelete&kind=location&resourceId=${TWO}`)).toEqual(at(0));
  });

  it("events are listed for one app alone", async () => {
    expect((await all(`/admin/events?app=${WIDE_APP}&`, 10)).items).toEqual([]);
    expect(await codeOf(await admin("GET", "/admin/events?app=other"))).toEqual([404, "ERR_GHL_GATEWAY_APP_UNKNOWN"]);
    expect(await codeOf(await admin("GET", "/admin/events"))).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
  });

  it("events of more inboxes than one request reads come in pages that may be empty", async () => {
    const { inboxes } = isolate.readDirectory(env);
    const addresses = Array.from({ length: 510 }, (_, i) => ({
      resource: { kind: "company", id: `c${i}` } as const,
      day: dayOf(daysAgo(2)),
    }));
    const many = addresses.map((address) => ({ ...address, app: APP, firstEventAtMs: TODAY_MS }));
    await inboxes.change({ listed: many, forgotten: [] });
    const page = await administer<Page<EventSummary>>(
      "GET",
      `/admin/events?app=${APP}&toMs=${daysAgo(2)}&quarantined=false`,
    );
    expect(page.items).toEqual([]);
    expect(page.nextCursor).not.toBeNull();
    expect(await listed(`toMs=${daysAgo(2)}&quarantined=false`)).toEqual(at(3));
    expect(await listed("", 3)).toEqual(ids);
    expect(await inboxes.change({ listed: [], forgotten: many })).toHaveLength(many.length);
  });

  it.each([
    "limit=201",
    "kind=location",
    "quarantined=yes",
    "fromMs=now",
    "cursor=WzFd",
    `cursor=${btoa(JSON.stringify(["2026-11-24", "location:a:b", ""]))}`,
    `cursor=${btoa(JSON.stringify(["2026-11-24", "none", "-1"]))}`,
  ])("events are not searched by %s", async (query) => {
    expect(await codeOf(await admin("GET", `/admin/events?app=${APP}&${query}`))).toEqual(INVALID);
  });
});

describe("an event", () => {
  it("an event is shown with its payload and as it was signed", async () => {
    const sent = await upstream.sign("ContactCreate", { locationId: ONE, firstName: "Zoë" });
    const headers = { "x-ghl-signature": sent.signature };
    await call(`/webhooks/${APP}`, { method: "POST", headers, body: sent.body });
    const today = `location:${ONE}:${dayOf(Date.now())}`;
    await settled(today);
    const [summary] = (await administer<Page<EventSummary>>("GET", `/admin/events?app=${APP}&limit=1`)).items;
    const { inbox, id } = summary!;
    expect(inbox).toBe(today);
    const whole = await administer<EventSummary & { payload: object; body: string }>(
      "GET",
      `/admin/events/${APP}/${inbox}/${id}`,
    );
    const { payload, body, ...rest } = whole;
    expect(rest).toEqual(summary);
    expect(body).toBe(sent.body);
    expect(payload).toEqual(JSON.parse(sent.body));
    expect(summary).toMatchObject({
      type: "ContactCreate",
      wireType: "ContactCreate",
      source: "highlevel",
      resource: { kind: "location", id: ONE },
      webhookId: sent.webhookId,
      quarantined: false,
      bodyBytes: new TextEncoder().encode(body).byteLength,
    });
  });

  it("an event without a tenant is shown, too, and so is one whose name is not its type", async () => {
    await deliver("INSTALL", { companyId: COMPANY });
    const [summary] = (await administer<Page<EventSummary>>("GET", `/admin/events?app=${APP}&type=AppInstall`)).items;
    expect(summary).toMatchObject({
      type: "AppInstall",
      wireType: "INSTALL",
      resource: { kind: "company", id: COMPANY },
    });
  });

  it("an event that is absent is 404, and the request creates nothing", async () => {
    const inbox = `location:${TWO}:${dayOf(daysAgo(3))}`;
    const nobodys = `evt_${"0".repeat(32)}`;
    for (const path of [
      `${APP}/${inbox}/${nobodys}`,
      `${APP}/${inbox}/x`,
      `${APP}/location:${TWO}/${ids[3]}`,
      `${APP}/x/${ids[3]}`,
    ])
      for (const rest of ["", "/deliveries"])
        expect(await codeOf(await admin("GET", `/admin/events/${path}${rest}`)), path).toEqual(UNKNOWN);
    expect(await codeOf(await admin("GET", `/admin/events/other/${inbox}/${ids[3]}`))).toEqual([
      404,
      "ERR_GHL_GATEWAY_APP_UNKNOWN",
    ]);
  });

  it("an event has its deliveries at every endpoint of its app", async () => {
    const endpoints = [
      await addEndpoint({ shards: 3, types: ["NoteCreate"] }),
      await addEndpoint({ state: "paused", types: ["NoteCreate"] }),
      await addEndpoint({ types: [] }),
    ];
    for (let n = 0; n < 3; n++) await deliver("NoteCreate", { locationId: ONE, n });
    await arrived(endpoints[0]!, 3);
    const { items } = await administer<Page<EventSummary>>("GET", `/admin/events?app=${APP}&type=NoteCreate`);
    expect(items).toHaveLength(3);
    for (const { inbox, id } of items) {
      const found = () => all<Delivery>(`/admin/events/${APP}/${inbox}/${id}/deliveries?`);
      await vi.waitFor(async () => {
        const states = new Map((await found()).items.map(({ endpointId, state }) => [endpointId, state]));
        const request = new Map([
          [endpoints[0]!.endpoint.id, "delivered"],
          [endpoints[1]!.endpoint.id, "due"],
        ]);
        expect(states).toEqual(request);
      });
      expect((await found()).items.every((delivery) => delivery.id === id && delivery.inbox === inbox)).toBe(true);
    }
    for (const endpoint of endpoints) await removeEndpoint(endpoint);
  });
});
