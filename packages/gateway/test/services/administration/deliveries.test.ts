import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Page } from "../../../src/domain/administration-model.ts";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import type { Delivery } from "../../../src/services/administration/deliveries.ts";
import { admin, administer, all, codeOf } from "../../support/calls/admin.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
const [ONE, TWO] = LOCATIONS.slice(50) as [string, string];
const START_MS = Date.now() - 3_600_000;
const SHARDS = 3;
const idOf = (n: number): string => `evt_${String(n).padStart(32, "0")}`;
let endpoint: TestEndpoint;

/** Taken on by one object as if `n` seconds had gone; paused, so that it stays. */
async function enqueue(n: number, shard: number, more: Partial<NewDelivery> = {}): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS + n * 1_000 });
  const delivery = {
    id: idOf(n),
    type: "ContactCreate",
    source: "highlevel",
    resource: { kind: "location", id: ONE },
    inbox: `location:${ONE}:2026-11-24`,
    orderKey: null,
    headers: {},
    body: new TextEncoder().encode("{}"),
    ...more,
  } as const;
  await dispatcher(endpoint, shard).enqueue({ app: APP, endpointId: endpoint.endpoint.id, shard }, [delivery], false);
  vi.useRealTimers();
}

/** They were tried to the end. */
async function kill(...numbers: number[]): Promise<void> {
  for (let shard = 0; shard < SHARDS; shard++)
    await runInDurableObject(dispatcher(endpoint, shard), (_object, { storage }) => {
      const query =
        "UPDATE delivery SET state = 'dead', next_attempt_at_ms = NULL, tries = 9 WHERE id IN (SELECT value FROM json_each(?))";
      storage.sql.exec(query, JSON.stringify(numbers.map(idOf)));
    });
}

const path = (rest: string): string => `/admin/endpoints/${endpoint.endpoint.id}${rest}`;
const numbers = (items: readonly Delivery[]): number[] => items.map(({ id }) => Number(id.slice(4)));
const found = async (query: string, limit = 50): Promise<number[]> =>
  numbers((await all<Delivery>(path(`/deliveries?${query}&`), limit)).items);
const replay = (body: object) =>
  administer<{ matched: number; replayed: number }>("POST", path("/dead-letters/replay"), body);

beforeEach(async () => {
  endpoint = await addEndpoint({ state: "paused", shards: SHARDS });
});

afterEach(async () => {
  vi.useRealTimers();
  await removeEndpoint(endpoint);
});

describe("deliveries of an endpoint", () => {
  it("deliveries of an endpoint are listed newest first over all its objects, each once, whatever comes in between", async () => {
    for (let n = 1; n <= 10; n++) await enqueue(n, [0, 2, 2, 0, 0, 1][n % 6]!);
    const newestFirst = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    for (const limit of [1, 3, 10, 50]) expect(await found("", limit)).toEqual(newestFirst);
    const first = await administer<Page<Delivery>>("GET", path("/deliveries?limit=4"));
    for (const shard of [0, 1, 2]) await enqueue(11 + shard, shard);
    const rest = await administer<Page<Delivery>>("GET", path(`/deliveries?limit=50&cursor=${first.nextCursor}`));
    expect(numbers([...first.items, ...rest.items])).toEqual(newestFirst);
    expect(rest.nextCursor).toBeNull();
  });

  it("deliveries of an endpoint are shown with their attempts, without their payload", async () => {
    const failing = await addEndpoint();
    await destination.behave(failing, { status: 503 });
    const { eventId } = await administer<{ eventId: string }>("POST", `/admin/endpoints/${failing.endpoint.id}/test`);
    await arrived(failing, 1);
    const listed = () => administer<Page<Delivery>>("GET", `/admin/endpoints/${failing.endpoint.id}/deliveries`);
    await vi.waitFor(async () => expect((await listed()).items[0]!.attempts).toHaveLength(1));
    expect((await listed()).items).toEqual([
      {
        endpointId: failing.endpoint.id,
        id: eventId,
        type: "endpoint.test",
        resource: null,
        inbox: null,
        state: "due",
        createdAtMs: expect.any(Number) as number,
        nextAttemptAtMs: expect.any(Number) as number,
        attempts: [
          {
            atMs: expect.any(Number) as number,
            durationMs: expect.any(Number) as number,
            status: 503,
            code: null,
          },
        ],
      },
    ]);
    await removeEndpoint(failing);
  });

  it("deliveries of an endpoint are searched by state, name, resource, event and time", async () => {
    await enqueue(1, 0);
    await enqueue(2, 1, { type: "ContactDelete" });
    await enqueue(3, 2, { resource: { kind: "location", id: TWO } });
    await enqueue(4, 0, { resource: { kind: "company", id: ONE } });
    await enqueue(5, 1, { resource: undefined });
    await kill(4);
    expect(await found("state=due")).toEqual([5, 3, 2, 1]);
    expect(await found("state=dead")).toEqual([4]);
    expect(await found("state=delivered")).toEqual([]);
    expect(await found("type=ContactDelete")).toEqual([2]);
    expect(await found(`kind=location&resourceId=${ONE}`)).toEqual([2, 1]);
    expect(await found(`kind=company&resourceId=${ONE}&state=dead`)).toEqual([4]);
    expect(await found(`eventId=${idOf(3)}`)).toEqual([3]);
    expect(await found(`eventId=${idOf(9)}`)).toEqual([]);
    expect(await found(`fromMs=${START_MS + 2_000}&toMs=${START_MS + 4_000}`)).toEqual([3, 2]);
  });

  it("deliveries of an endpoint are found by event behind thousands that are newer", async () => {
    await enqueue(1, 1);
    const many = Array.from({ length: 2_100 }, (_, i) => ({ id: idOf(i + 2), inbox: null }));
    const like = { type: "NoteCreate", source: "highlevel", resource: undefined, orderKey: null, headers: {} } as const;
    const body = new Uint8Array(2);
    const address = { app: APP, endpointId: endpoint.endpoint.id, shard: 1 };
    await dispatcher(endpoint, 1).enqueue(
      address,
      many.map((one) => ({ ...like, ...one, body })),
      false,
    );
    const page = await administer<Page<Delivery>>("GET", path(`/deliveries?eventId=${idOf(1)}`));
    expect([numbers(page.items), page.nextCursor]).toEqual([[1], null]);
    // By name they are scanned in pages, of which one may be empty.
    const empty = await administer<Page<Delivery>>("GET", path("/deliveries?type=ContactCreate"));
    expect(empty.items).toEqual([]);
    expect(await found("type=ContactCreate")).toEqual([1]);
  });

  it.each([
    "limit=0",
    "state=gone",
    "kind=location",
    `resourceId=${ONE}`,
    "kind=user&resourceId=a",
    "fromMs=2026-11-24",
    "fromMs=",
    "toMs=1.5",
    "toMs=-1",
    "toMs=1e18",
    "cursor=WzFd",
    // This cursor belongs to another number of objects.
    `cursor=${btoa(JSON.stringify(["1"]))}`,
    `cursor=${btoa(JSON.stringify(["1", "2", "x"]))}`,
  ])("deliveries of an endpoint are not searched by %s", async (query) => {
    expect(await codeOf(await admin("GET", path(`/deliveries?${query}`)))).toEqual(INVALID);
  });
});

describe("dead letters", () => {
  beforeEach(async () => {
    await enqueue(1, 0);
    await enqueue(2, 1);
    await enqueue(3, 2, { type: "ContactDelete" });
    await enqueue(4, 0, { resource: { kind: "location", id: TWO } });
    await enqueue(5, 1);
    await kill(1, 2, 3, 4);
  });

  it.each<[object, number[]]>([
    [{}, [4, 3, 2, 1]],
    [{ ids: [idOf(1), idOf(3), idOf(5), idOf(9)] }, [3, 1]],
    [{ type: "ContactDelete" }, [3]],
    [{ resource: { kind: "location", id: TWO } }, [4]],
    [{ fromMs: START_MS + 2_000, toMs: START_MS + 4_000 }, [3, 2]],
    [{ type: "ContactCreate", resource: { kind: "location", id: ONE }, fromMs: START_MS + 1_500 }, [2]],
  ])("dead letters that are %j are counted, then sent again", async (request, expected) => {
    const matched = expected.length;
    expect(await replay({ ...request, dryRun: true })).toEqual({ matched, replayed: 0 });
    expect(await found("state=dead")).toEqual([4, 3, 2, 1]);
    expect(await replay({ ...request, dryRun: false })).toEqual({ matched, replayed: matched });
    expect(await found("state=due")).toEqual([5, ...expected].sort((one, other) => other - one));
    expect(await replay({ ...request, dryRun: false })).toEqual({ matched: 0, replayed: 0 });
  });

  it("dead letters arrive under the id that they had", async () => {
    await replay({ ids: [idOf(2), idOf(4)], dryRun: false });
    await administer("POST", path("/enable"));
    const received = await arrived(endpoint, 3);
    const ids = received.map(({ headers }) => headers["webhook-id"]);
    expect(ids.sort()).toEqual([2, 4, 5].map(idOf));
    await vi.waitFor(async () => expect(await found("state=delivered")).toEqual([5, 4, 2]));
  });

  it("dead letters of a disabled endpoint stay", async () => {
    const { name, kind, target } = endpoint.endpoint;
    await administer("PUT", path(""), { name, kind, target, shards: SHARDS, state: "disabled" });
    const response = await admin("POST", path("/dead-letters/replay"), { body: { dryRun: false } });
    expect(await codeOf(response)).toEqual([409, "ERR_GHL_GATEWAY_ENDPOINT_DISABLED"]);
    expect(await found("state=dead")).toEqual([4, 3, 2, 1]);
  });

  it.each<[string, object]>([
    ["neither dry nor not", {}],
    ["a text for dryRun", { dryRun: "true" }],
    ["a misspelt restriction", { dryRun: false, id: idOf(1) }],
    ["no ids at all", { dryRun: false, ids: [] }],
    ["null for ids", { dryRun: false, ids: null }],
    ["ids that are none", { dryRun: false, ids: ["evt_1"] }],
    ["a resource that is a text", { dryRun: false, resource: `location:${ONE}` }],
    ["a time that is a text", { dryRun: false, fromMs: "2026-11-24T00:00:00Z" }],
  ])("dead letters stay for %s", async (_what, body) => {
    expect(await codeOf(await admin("POST", path("/dead-letters/replay"), { body }))).toEqual(INVALID);
    expect(await found("state=dead")).toEqual([4, 3, 2, 1]);
  });
});

it("a search by half a resource is refused with the name of the parameter that is missing", async () => {
  const response = await admin("GET", `/admin/events?app=${APP}&kind=location`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ detail: expect.stringMatching(/^resourceId must be an id/) as string });
});
