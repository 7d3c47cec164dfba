import { describe, expect, test } from "vitest";
import { type Emulator, type EmulatorOptions, RATE_LIMITS } from "../../src/index.ts";
import { ask, bearer, clockedEmulator, installApp, json, LOCATION, refresh } from "../support.ts";

const contact = "/contacts/c0ntact00000000001";
const location = { kind: "location", id: LOCATION };

function steer(
  emulator: Emulator,
  [method, path]: readonly [method: string, path: string],
  body?: unknown,
): Promise<Response> {
  const init =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return ask(emulator, `/__emulator${path}`, { method, ...init });
}

function steered(options: EmulatorOptions = {}) {
  const { emulator, clock } = clockedEmulator({ fetch: async () => new Response(), ...options });
  return {
    emulator,
    clock,
    steer: (method: string, path: string, body?: unknown) => steer(emulator, [method, path], body),
  };
}

describe("control API", () => {
  test("the control API puts faults in force, lists, removes and releases them", async () => {
    const { emulator, steer } = steered();
    const rule = { fault: { kind: "status", status: 503 }, match: { path: "/contacts/*" } };
    const { id } = await json(steer("POST", "/faults", rule));
    expect((await ask(emulator, contact)).status).toBe(503);
    expect(await (await steer("GET", "/faults")).json()).toMatchObject([{ id, seen: 1, befallen: 1, ...rule }]);
    expect((await steer("DELETE", `/faults/${id as string}`)).status).toBe(200);
    expect((await steer("DELETE", `/faults/${id as string}`)).status).toBe(404);
    expect((await ask(emulator, contact)).status).toBe(401);
    await steer("POST", "/faults", { fault: { kind: "lost" } });
    await steer("DELETE", "/faults");
    expect(emulator.faults.list()).toEqual([]);
    expect(await json(steer("POST", "/faults/release", {}))).toEqual({ released: 0 });
  });

  test("the control API changes limits and the clock, and shows activity and tokens", async () => {
    const { emulator, clock, steer } = steered();
    const { access_token: token, refresh_token: refreshToken } = await installApp(emulator);
    expect(await json(steer("PUT", "/limits", { name: "sandbox" }))).toEqual(RATE_LIMITS.sandbox);
    expect(await json(steer("POST", "/limits/spend", { resource: location, requests: 30 }))).toEqual({ spent: 25 });
    expect((await ask(emulator, contact, bearer(token))).status).toBe(429);
    await steer("PUT", "/limits", { max: 5, intervalMs: 1_000, daily: 10, window: "sliding-log" });
    expect(emulator.limits.current()).toMatchObject({ max: 5, window: "sliding-log" });
    expect(await json(steer("POST", "/clock", { advanceMs: 1_000 }))).toEqual({ nowMs: clock.nowMs + 1_000 });
    expect(await json(steer("POST", "/clock", { skewMs: -5 }))).toEqual({ nowMs: clock.nowMs - 5 });
    await steer("POST", "/active", { resourceId: LOCATION, active: false });
    expect((await json(refresh(emulator, refreshToken))).message).toBe("Location is not active");
    await steer("POST", "/expire", { resource: location });
    expect((await ask(emulator, contact, bearer(token))).status).toBe(401);
    expect(await json(steer("POST", "/uninstall", { resource: location }))).toEqual({ uninstalled: 1 });
  });

  test("the control API sends webhooks", async () => {
    const { steer } = steered();
    const url = "https://app.example/hook";
    const sent = await json(
      steer("POST", "/webhooks", { event: "ContactCreate", url, form: "crlf", fields: { a: 1 } }),
    );
    expect(sent).toMatchObject({ delivered: true, attempts: [{ status: 200 }] });
    expect(JSON.parse(sent.body as string)).toMatchObject({ type: "ContactCreate", a: 1 });
    expect(await (await steer("POST", "/webhooks/storm", { url })).json()).toHaveLength(3);
    expect(await (await steer("GET", "/webhooks")).json()).toHaveLength(4);
    expect(await json(steer("GET", "/keys"))).toEqual({ ed25519: expect.any(String), rsa: expect.any(String) });
  });

  test("the log, from a position on, without what steers", async () => {
    const { emulator, steer } = steered();
    await installApp(emulator);
    const log = await (await steer("GET", "/log?since=1")).json();
    expect(log).toMatchObject([{ path: "/oauth/token" }]);
    expect(await json(steer("GET", "/state"))).toMatchObject({
      requests: 2,
      webhooks: 0,
      installations: [{ resource: location }],
    });
    await steer("DELETE", "/log");
    expect(emulator.log).toEqual([]);
  });

  test.each<[string, string, unknown, string]>([
    ["POST", "/faults", { fault: { kind: "fire" } }, "fault.kind"],
    ["POST", "/faults", [], "JSON object"],
    ["PUT", "/limits", { max: -1 }, "rateLimit.max"],
    ["PUT", "/limits", { name: "gold" }, "one of standard, sandbox"],
    ["POST", "/limits/spend", { resource: location, requests: "1" }, "requests"],
    ["POST", "/clock", { skewMs: "1" }, "skewMs"],
    ["POST", "/expire", { resource: { kind: "planet", id: "x" } }, "resource"],
    ["POST", "/webhooks", { event: "Nonsense", url: "https://app.example" }, "Nonsense"],
    ["POST", "/webhooks", { event: "ContactCreate", url: "nowhere" }, "url"],
    ["POST", "/webhooks", { event: "ContactCreate", url: "https://app.example", form: "runes" }, "runes"],
    ["POST", "/webhooks", { event: "ContactCreate", url: "https://app.example", retry: "never" }, "never"],
  ])("%s %s %j is refused with a word", async (method, path, body, word) => {
    const response = await steered().steer(method, path, body);
    expect(response.status).toBe(400);
    expect((await json(response)).message).toContain(word);
  });

  test("a page of another origin can change nothing: it cannot send JSON without a preflight request", async () => {
    const { emulator } = steered();
    const body = JSON.stringify({ fault: { kind: "reset" } });
    for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
      const init = { method: "POST", headers: { "content-type": type }, body };
      expect((await ask(emulator, "/__emulator/faults", init)).status).toBe(415);
    }
    const preflight = await ask(emulator, "/__emulator/faults", { method: "OPTIONS" });
    expect(preflight.headers.has("access-control-allow-origin")).toBe(false);
    expect(emulator.faults.list()).toEqual([]);
  });

  test("the control API resets the emulator", async () => {
    const { emulator, steer } = steered();
    await installApp(emulator);
    expect((await steer("POST", "/reset", {})).status).toBe(200);
    expect([emulator.log, emulator.installations()]).toEqual([[], []]);
  });

  test("the control API can be disabled", async () => {
    const { emulator } = steered({ controls: false });
    expect((await ask(emulator, "/__emulator/state")).status).toBe(404);
    expect(emulator.log).toHaveLength(1);
  });
});
