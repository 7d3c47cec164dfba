import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuditEntry, Page } from "../../../src/domain/administration-model.ts";
import type { Delivery } from "../../../src/services/administration/deliveries.ts";
import type { EndpointStatus } from "../../../src/services/administration/endpoints.ts";
import { admin, administer, all, codeOf } from "../../support/calls/admin.ts";
import { settled } from "../../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { type Arrival, dayOf, inboxesListed, storeEvents } from "../../support/endpoints/events.ts";
import { APP, LOCATIONS, WIDE_APP } from "../../support/setup/settings.ts";

const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
const DAY_MS = 86_400_000;
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const DAYS = [1, 2, 3, 4];
const TEST_LOCATIONS = LOCATIONS.slice(80, 95);
/** More events than one call to an inbox takes. */
const CROWD = { index: 10, day: 4, size: 520 };
const CROWDED = TEST_LOCATIONS[CROWD.index]!;
const QUIET = TEST_LOCATIONS.filter((location) => location !== CROWDED);

const arrivals: Arrival[] = [];
let ids: readonly string[] = [];
const idsOf = (isSelected: (arrival: Arrival) => boolean): string[] =>
  ids.filter((_id, i) => isSelected(arrivals[i]!)).sort();
const isCalm = ({ quarantined }: Arrival): boolean => quarantined !== true;

let endpoint: TestEndpoint;

interface Replayed {
  readonly matched: number;
  readonly nextCursor: string | null;
}

/** All steps. */
async function replay(filter: object, dryRun: boolean, to = endpoint): Promise<{ matched: number; steps: number }> {
  let matched = 0;
  for (let cursor = {}, steps = 1; ; steps++) {
    const body = { app: APP, endpoint: to.endpoint.id, filter, dryRun, ...cursor };
    const step = await administer<Replayed>("POST", "/admin/replays", body);
    matched += step.matched;
    if (step.nextCursor === null) return { matched, steps };
    cursor = { cursor: step.nextCursor };
  }
}

const statusOf = (one: TestEndpoint) => administer<EndpointStatus>("GET", `/admin/endpoints/${one.endpoint.id}/status`);
const deliveriesOf = async (one: TestEndpoint) =>
  (await all<Delivery>(`/admin/endpoints/${one.endpoint.id}/deliveries?`, 200)).items;

/** Once the inboxes have handed over so many. */
async function queued(one: TestEndpoint, count: number): Promise<string[]> {
  await vi.waitFor(async () => expect(await statusOf(one)).toMatchObject({ due: count }), { timeout: 20_000 });
  return (await deliveriesOf(one)).map(({ id }) => id).sort();
}

beforeAll(async () => {
  for (const day of DAYS)
    for (const [index, location] of TEST_LOCATIONS.entries())
      arrivals.push({
        location,
        atMs: TODAY_MS - day * DAY_MS + index * 60_000,
        name: index % 2 === 0 ? "ContactCreate" : "OpportunityUpdate",
        quarantined: day === 2 && index === 3,
      });
  const fromMs = TODAY_MS - CROWD.day * DAY_MS + 3_600_000;
  const crowd = Array.from({ length: CROWD.size }, (_, i) => ({ location: CROWDED, atMs: fromMs + i }));
  arrivals.push(...crowd);
  ids = await storeEvents(arrivals);
  await inboxesListed(DAYS.length * TEST_LOCATIONS.length);
}, 60_000);

beforeEach(async () => {
  endpoint = await addEndpoint({ state: "paused", types: [], shards: 2 });
});

afterEach(async () => {
  await removeEndpoint(endpoint);
});

describe("a replay", () => {
  it("a replay without a filter is of all that is not quarantined, and counting first counts the same", async () => {
    const request = idsOf(isCalm);
    const counted = await replay({}, true);
    expect(counted).toEqual({ matched: request.length, steps: 1 });
    expect(await statusOf(endpoint)).toMatchObject({ due: 0 });
    expect(await replay({}, false)).toEqual(counted);
    expect(await queued(endpoint, request.length)).toEqual(request);
  }, 60_000);

  it.each<[string, object, (arrival: Arrival) => boolean]>([
    [
      "a range over days and locations",
      { fromMs: TODAY_MS - 3 * DAY_MS, toMs: TODAY_MS - 2 * DAY_MS + 120_000 },
      ({ atMs }) => atMs >= TODAY_MS - 3 * DAY_MS && atMs < TODAY_MS - 2 * DAY_MS + 120_000,
    ],
    ["a location", { resource: { kind: "location", id: QUIET[0] } }, ({ location }) => location === QUIET[0]],
    ["names", { types: ["Opportunity*", "ContactDelete"] }, ({ name }) => name === "OpportunityUpdate"],
    [
      "a location's of some days, by name",
      { resource: { kind: "location", id: CROWDED }, types: ["ContactCreate"], toMs: TODAY_MS - 2 * DAY_MS },
      ({ location, atMs }) => location === CROWDED && atMs < TODAY_MS - 2 * DAY_MS,
    ],
  ])("a replay of %s replays these events alone", async (_what, filter, isSelected) => {
    const request = idsOf((arrival) => isCalm(arrival) && isSelected(arrival));
    expect(request.length).toBeGreaterThan(0);
    const counted = await replay(filter, true);
    expect(counted.matched).toBe(request.length);
    expect(await replay(filter, false)).toEqual(counted);
    expect(await queued(endpoint, request.length)).toEqual(request);
  });

  it("a replay by id replays these events alone, wherever they are", async () => {
    // The oldest in a crowd, another day, one that is quarantined, and one that is not there.
    const request = [ids[DAYS.length * TEST_LOCATIONS.length]!, ids[3]!];
    const filter = { ids: [...request, ...idsOf(({ quarantined }) => quarantined === true), `evt_${"0".repeat(32)}`] };
    expect(await replay(filter, true)).toMatchObject({ matched: 2 });
    expect(await replay(filter, false)).toMatchObject({ matched: 2 });
    expect(await queued(endpoint, 2)).toEqual(request.sort());
  });

  it("a replay of quarantined events needs quarantined: true, and then has no others", async () => {
    const request = idsOf(({ quarantined }) => quarantined === true);
    expect(await replay({ quarantined: true }, false)).toMatchObject({ matched: 1 });
    expect(await queued(endpoint, 1)).toEqual(request);
  });

  it("a replay changes nothing of a delivery that is still due", async () => {
    const filter = { resource: { kind: "location", id: QUIET[1] } };
    await replay(filter, false);
    await queued(endpoint, DAYS.length);
    const before = await deliveriesOf(endpoint);
    expect(await replay(filter, false)).toMatchObject({ matched: DAYS.length });
    for (const day of DAYS) await settled(`location:${QUIET[1]}:${dayOf(TODAY_MS - day * DAY_MS)}`);
    expect(await deliveriesOf(endpoint)).toEqual(before);
  });

  it("a replay of delivered events delivers them again under the same id, as they were", async () => {
    const one = await addEndpoint({ types: [] });
    const filter = { resource: { kind: "location", id: QUIET[4] } };
    await replay(filter, false, one);
    const first = await arrived(one, DAYS.length);
    await vi.waitFor(async () => expect(await statusOf(one)).toMatchObject({ due: 0 }));
    await replay(filter, false, one);
    const received = await arrived(one, 2 * DAYS.length);
    expect(await destination.count(one)).toEqual({ count: 2 * DAYS.length, distinct: DAYS.length });
    const sent = (list: typeof first) => list.map(({ headers, body }) => `${headers["webhook-id"]} ${body}`).sort();
    expect(sent(received.slice(DAYS.length))).toEqual(sent(first));
    await removeEndpoint(one);
  });

  it("a replay goes to the endpoint of the request, and to no other", async () => {
    const other = await addEndpoint({ state: "paused", types: null });
    const filter = { resource: { kind: "location", id: QUIET[5] } };
    await replay(filter, false);
    const ours = await queued(endpoint, DAYS.length);
    expect(await statusOf(other)).toMatchObject({ due: 0 });
    await replay(filter, false, other);
    expect(await queued(other, DAYS.length)).toEqual(ours);
    await removeEndpoint(other);
  });

  it("a replay is in the audit, and counting is not", async () => {
    await replay({ ids: [ids[0]] }, true);
    const newest = async () => (await administer<Page<AuditEntry>>("GET", "/admin/audit?limit=1")).items[0];
    expect(await newest()).toMatchObject({ action: "endpoint.created" });
    await replay({ ids: [ids[0]] }, false);
    expect(await newest()).toMatchObject({ action: "events.replayed", app: APP, target: endpoint.endpoint.id });
  });
});

describe("a replay is refused", () => {
  const post = async (body: object) =>
    codeOf(
      await admin("POST", "/admin/replays", {
        body: {
          app: APP,
          endpoint: endpoint.endpoint.id,
          filter: {},
          dryRun: false,
          ...body,
        },
      }),
    );

  afterEach(async () => {
    expect(await statusOf(endpoint)).toMatchObject({ due: 0 });
  });

  it("a replay is refused to an endpoint that is disabled, missing, or of another app, and to an unknown app", async () => {
    const disabled = await addEndpoint({ state: "disabled" });
    expect(await post({ endpoint: disabled.endpoint.id })).toEqual([409, "ERR_GHL_GATEWAY_ENDPOINT_DISABLED"]);
    await removeEndpoint(disabled);
    expect(await post({ endpoint: disabled.endpoint.id })).toEqual([404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"]);
    expect(await post({ app: WIDE_APP })).toEqual(INVALID);
    expect(await post({ app: "other" })).toEqual([404, "ERR_GHL_GATEWAY_APP_UNKNOWN"]);
  });

  it.each<[string, object]>([
    ["without a filter", { filter: undefined }],
    ["with a list for a filter", { filter: [] }],
    ["neither dry nor not", { dryRun: undefined }],
    ["of no app", { app: undefined }],
    ["to no endpoint", { endpoint: undefined }],
    ["with a misspelt restriction", { filter: { type: "ContactCreate" } }],
    ["with one in the wrong place", { types: ["ContactCreate"] }],
    ["of no names", { filter: { types: [] } }],
    ["of a name that no event has", { filter: { types: ["ContactCreated"] } }],
    ["of no ids", { filter: { ids: [] } }],
    ["of too many ids", { filter: { ids: Array.from({ length: 201 }, () => `evt_${"0".repeat(32)}`) } }],
    ["of an id that is none", { filter: { ids: ["evt_1"] } }],
    ["of null for ids", { filter: { ids: null } }],
    ["of a resource without a kind", { filter: { resource: { id: "a" } } }],
    ["from a time that is a text", { filter: { fromMs: "1" } }],
    ["to the year 10000", { filter: { toMs: Date.UTC(10_000, 0) } }],
    ["of quarantine by a text", { filter: { quarantined: "false" } }],
    ["from the cursor of the last step", { cursor: null }],
    ["from a cursor of another list", { cursor: "WzFd" }],
  ])("a replay is refused when its request is %s", async (_what, body) => {
    expect(await post(body)).toEqual(INVALID);
  });
});
