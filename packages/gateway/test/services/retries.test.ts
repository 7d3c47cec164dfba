import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ResourceCoordinator } from "../../src/objects/resource-coordinator/resource-coordinator.ts";
import {
  call,
  codeOf,
  installCompany,
  installLocation,
  keyed,
  readContact,
  refreshes,
  upstream,
} from "../support/calls/gateway.ts";
import { COMPANY, LOCATIONS, SMALL_API_KEY, SMALL_APP, SMALL_LIMITS } from "../support/setup/settings.ts";

const L = LOCATIONS[3]!;
const REJECTED = { status: 401, body: '{"statusCode":401,"message":"Invalid token: access token is invalid"}' };
const BUSY = { status: 429, body: '{"statusCode":429,"message":"Too Many Requests"}', headers: { "retry-after": "0" } };

let contacts = 0;
/** A contact of its own for each test, whose next answers are these. */
async function answering(answers: Parameters<typeof upstream.answer>[1]): Promise<string> {
  const id = `scripted${++contacts}`;
  await upstream.answer(id, answers);
  return `/api/location/${L}/contacts/${id}`;
}
const callsOf = async (path: string) =>
  (await upstream.log()).filter((entry) => path.endsWith(entry.path) && entry.status === 200);

beforeAll(() => installLocation(L));

describe("a 401", () => {
  it("a 401 that is about the token is answered with another token, refreshed once", async () => {
    const before = (await upstream.log()).length;
    const path = await answering([REJECTED]);
    const response = await call(path, { headers: keyed });
    expect([response.status, response.headers.get("x-gateway-retries")]).toEqual([200, "1"]);
    expect(await refreshes(before)).toHaveLength(1);
  });

  it("a 401 that stays is passed on, and costs no second refresh", async () => {
    const before = (await upstream.log()).length;
    for (let round = 0; round < 3; round++) {
      const response = await call(await answering([REJECTED, REJECTED]), { headers: keyed });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual(JSON.parse(REJECTED.body));
    }
    // The token of the first test was got for a refusal; so this one is not replaced again.
    expect(await refreshes(before)).toHaveLength(0);
  });

  it("a 401 about a token that HighLevel has ended is solved for all concurrent calls by one refresh", async () => {
    const location = LOCATIONS[4]!;
    await installLocation(location);
    await call(`/api/location/${location}/contacts/c1`, { headers: keyed });
    await upstream.expire({ kind: "location", id: location });
    const before = (await upstream.log()).length;
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => call(`/api/location/${location}/contacts/c1`, { headers: keyed })),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await refreshes(before)).toHaveLength(1);
  });

  it("a 401 that is about something else costs no refresh", async () => {
    const before = (await upstream.log()).length;
    const body = '{"statusCode":401,"message":"The token is not authorized for this scope."}';
    const response = await call(await answering([{ status: 401, body }]), { headers: keyed });
    expect([response.status, await response.text()]).toEqual([401, body]);
    expect(await refreshes(before)).toHaveLength(0);
  });
});

describe("a 429", () => {
  it("a 429 is waited for and sent again", async () => {
    const path = await answering([BUSY, BUSY]);
    const response = await call(path, { headers: keyed });
    expect([response.status, response.headers.get("x-gateway-retries")]).toEqual([200, "2"]);
    expect(await callsOf(path)).toHaveLength(1);
  });

  it("a 429 of a call with a small body is sent again, too", async () => {
    const path = await answering([BUSY]);
    const body = JSON.stringify({ firstName: "Ada" });
    const headers = { ...keyed, "content-type": "application/json", "content-length": String(body.length) };
    const response = await call(path, { method: "PUT", headers, body });
    expect([response.status, response.headers.get("x-gateway-retries")]).toEqual([200, "1"]);
  });

  it("a 429 of a streamed body is passed on, because the body cannot be sent twice", async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("{}"));
        controller.close();
      },
    });
    const headers = { ...keyed, "content-type": "application/json" };
    const response = await call(await answering([BUSY, BUSY]), { method: "PUT", headers, body });
    expect([response.status, await response.text()]).toEqual([429, BUSY.body]);
  });

  it("a 429 that outlasts the caller's deadline is passed on as HighLevel gave it", async () => {
    const slow = { ...BUSY, headers: { "retry-after": "30" } };
    const path = await answering([slow]);
    const response = await call(path, { headers: { ...keyed, "x-gateway-max-wait": "1" } });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "30"]);
    expect(await callsOf(path)).toHaveLength(0);
  });

  it("a 429 keeps its turn: its retry goes before the waiting calls of the same caller", async () => {
    const { burst: max, intervalMs } = SMALL_LIMITS;
    const location = "keepsPriority";
    const token = `pit-scene-${location}`;
    const rateLimit = { max, intervalMs, daily: 200_000, window: "sliding-log" } as const;
    await upstream.openScene({ token, location, rateLimit, rttMs: [1, 20] });
    const tenant = { app: SMALL_APP, resource: { kind: "location", id: location } } as const;
    await env.TOKEN_GRANT.getByName(`${SMALL_APP}:location:${location}`).storePrivateToken(tenant, token);
    await upstream.answer("refusedOnce", [BUSY]);
    const headers = { authorization: `Bearer ${SMALL_API_KEY}` };
    const ended: string[] = [];
    const read = async (contact: string): Promise<void> => {
      const response = await call(`/api/location/${location}/contacts/${contact}`, { headers });
      expect(response.status).toBe(200);
      ended.push(contact);
    };
    await Promise.all(["refusedOnce", ...Array<string>(3 * max).fill("c1")].map(read));
    expect(ended.indexOf("refusedOnce")).toBeGreaterThan(0);
    expect(ended.indexOf("refusedOnce")).toBeLessThan(2 * max);
  });
});

describe("a permit that is used late", () => {
  /** Answered so long after it was granted: longer than the limiter leaves a call between its permit and HighLevel. */
  const LATE_MS = 700;
  const late = (method: "acquire" | "permit") => {
    type Method = (this: ResourceCoordinator, request: object) => Promise<object>;
    const methods = ResourceCoordinator.prototype as unknown as Record<typeof method, Method>;
    const original = methods[method];
    vi.spyOn(methods, method).mockImplementation(async function (this: ResourceCoordinator, request) {
      const reply = await original.call(this, request);
      await new Promise((resolve) => setTimeout(resolve, LATE_MS));
      return reply;
    });
  };
  afterEach(() => vi.restoreAllMocks());

  it("a permit that is used late is reported to the budget, and one that is used at once is not", async () => {
    const location = LOCATIONS[5]!;
    await installLocation(location);
    const path = `/api/location/${location}/contacts/c1`;
    // The first permit of a budget is reported in any case.
    for (let warm = 0; warm < 2; warm++) expect((await call(path, { headers: keyed })).status).toBe(200);
    const report = vi.spyOn(ResourceCoordinator.prototype, "report");
    expect((await call(path, { headers: keyed })).status).toBe(200);
    expect(report).not.toHaveBeenCalled();
    late("acquire");
    expect((await call(path, { headers: keyed })).status).toBe(200);
    await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(1));
  });

  it("a permit that a mint uses late is reported, too", async () => {
    const [known, other, location] = LOCATIONS.slice(6, 9) as [string, string, string];
    await installCompany();
    for (const warm of [known, other]) expect((await readContact(warm)).status).toBe(200);
    const report = vi.spyOn(ResourceCoordinator.prototype, "report");
    late("permit");
    expect((await readContact(location)).status).toBe(200);
    const company = expect.objectContaining({ resource: { kind: "company", id: COMPANY } });
    await vi.waitFor(() => expect(report).toHaveBeenCalledWith(company, expect.any(Number), expect.anything()));
  });
});

describe("call options", () => {
  it.each([
    ["x-gateway-max-wait", "soon"],
    ["x-gateway-priority", "urgent"],
  ])("%s: %s is refused before anything is sent", async (name, value) => {
    const response = await call(`/api/location/${L}/contacts/c1`, { headers: { ...keyed, [name]: value } });
    expect([response.status, await codeOf(response)]).toEqual([400, "ERR_GHL_GATEWAY_HEADER_INVALID"]);
  });

  it("a scope that was not granted is named, and nothing is sent", async () => {
    const before = (await upstream.log()).length;
    const response = await call(`/api/location/${L}/businesses/b1`, { headers: keyed });
    const problem = (await response.json()) as { code: string; detail: string };
    expect([response.status, problem.code]).toEqual([403, "ERR_GHL_GATEWAY_SCOPE"]);
    expect(problem.detail).toMatch(/businesses\.readonly.*contacts\.readonly/);
    expect((await upstream.log()).length).toBe(before);
  });
});
