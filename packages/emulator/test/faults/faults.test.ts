import { describe, expect, test, vi } from "vitest";
import { ConnectionResetError, DEFAULT_COMPANY, type EmulatorOptions, type Fault } from "../../src/index.ts";
import { ask, bearer, clockedEmulator, installApp, json, LOCATION, refresh } from "../support.ts";

const OTHER = DEFAULT_COMPANY.locations[1]!.id;
const contact = "/contacts/c0ntact00000000001";

function withSleep(options: EmulatorOptions = {}) {
  const slept: number[] = [];
  return { slept, ...clockedEmulator({ sleep: async (ms) => void slept.push(ms), ...options }) };
}

describe("faults", () => {
  test("an answer lost after the rotation: the token is spent, the caller does not know", async () => {
    const { emulator } = clockedEmulator({ refreshGraceMs: 0 });
    const { refresh_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "lost" }, match: { grantType: "refresh_token" }, times: 1 });
    await expect(refresh(emulator, token)).rejects.toBeInstanceOf(ConnectionResetError);
    expect(emulator.log.at(-1)).toMatchObject({ grantType: "refresh_token", status: 200, fault: "lost" });
    expect((await refresh(emulator, token)).status).toBe(400);
  });

  test("a reset before the execution: the token is as good as before", async () => {
    const { emulator } = clockedEmulator({ refreshGraceMs: 0 });
    const { refresh_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "reset" }, match: { path: "/oauth/*" }, times: 1 });
    await expect(refresh(emulator, token)).rejects.toMatchObject({ code: "ERR_GHL_EMULATED_RESET" });
    expect(emulator.log.at(-1)).toMatchObject({ status: 0, fault: "reset" });
    expect((await refresh(emulator, token)).status).toBe(200);
  });

  test("a held answer comes when it is released, and was executed before", async () => {
    const { emulator } = clockedEmulator();
    const { refresh_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "hold" }, times: 1 });
    const held = refresh(emulator, token);
    await vi.waitFor(() => expect(emulator.log.at(-1)?.fault).toBe("hold"));
    let answered = false;
    void held.then(() => {
      answered = true;
    });
    expect(answered).toBe(false);
    await vi.waitFor(() => expect(emulator.faults.release()).toBe(1));
    expect((await held).status).toBe(200);
    expect(emulator.faults.release()).toBe(0);
  });

  test("a held answer is given up with its caller, or after its time", async () => {
    const { emulator, slept } = withSleep();
    const { access_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "hold" }, times: 1 });
    const caller = new AbortController();
    const given = ask(emulator, contact, { ...bearer(token), signal: caller.signal });
    caller.abort();
    await given.catch(() => undefined);
    expect(emulator.faults.release()).toBe(0);
    emulator.faults.add({ fault: { kind: "hold", ms: 35_000 }, times: 1 });
    expect((await ask(emulator, contact, bearer(token))).status).toBe(200);
    expect(slept).toEqual([35_000]);
  });

  test("a fault gives a status instead of the answer, whether the request is executed or not", async () => {
    const { emulator } = clockedEmulator({ refreshGraceMs: 0 });
    const { refresh_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "status", status: 503, body: "busy" }, times: 1 });
    const first = await refresh(emulator, token);
    expect([first.status, await first.text()]).toEqual([503, "busy"]);
    emulator.faults.add({ fault: { kind: "status", status: 500, executes: true }, times: 1 });
    expect((await refresh(emulator, token)).status).toBe(500);
    expect((await refresh(emulator, token)).status).toBe(400);
  });

  test("garbage is no JSON, under the status of the answer", async () => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "garbage" } });
    const response = await ask(emulator, contact, bearer(token));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html");
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test("a cut body begins like the answer and breaks off", async () => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    const whole = await (await ask(emulator, contact, bearer(token))).text();
    emulator.faults.add({ fault: { kind: "cut", bytes: 10 } });
    const reader = (await ask(emulator, contact, bearer(token))).body!.getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toBe(whole.slice(0, 10));
    await expect(reader.read()).rejects.toThrow();
  });

  test("a slow body comes in pieces, and whole", async () => {
    const { emulator, slept } = withSleep();
    const { access_token: token } = await installApp(emulator);
    const whole = await (await ask(emulator, contact, bearer(token))).text();
    emulator.faults.add({ fault: { kind: "slow", chunkBytes: 100, pauseMs: 7 } });
    expect(await (await ask(emulator, contact, bearer(token))).text()).toBe(whole);
    expect(slept).toEqual(Array.from({ length: Math.ceil(whole.length / 100) - 1 }, () => 7));
  });

  test("a fault delays the request before or after its execution", async () => {
    const { emulator, slept } = withSleep();
    const { access_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: { kind: "latency", ms: 250 } });
    emulator.faults.add({ fault: { kind: "latency", ms: 20, jitterMs: 10, after: true } });
    await ask(emulator, contact, bearer(token));
    expect(slept[0]).toBe(250);
    expect(slept[1]).toBeGreaterThanOrEqual(20);
    expect(slept[1]).toBeLessThan(30);
  });

  test("a skewed clock shows in Date and in what it issues", async () => {
    const { emulator, clock } = clockedEmulator();
    emulator.faults.add({ fault: { kind: "skew", ms: -3_600_000 }, match: { path: "/oauth/token" } });
    const { access_token: token } = await installApp(emulator);
    const claims = JSON.parse(atob(token.split(".")[1]!)) as { iat: number };
    expect(claims.iat * 1000).toBe(clock.nowMs - 3_600_000);
    const response = await ask(emulator, contact, bearer(token));
    expect(Date.parse(response.headers.get("date") ?? "")).toBe(clock.nowMs);
    emulator.clock.setSkew(60_000);
    const ahead = await ask(emulator, contact, bearer(token));
    expect(Date.parse(ahead.headers.get("date") ?? "")).toBe(clock.nowMs + 60_000);
    emulator.clock.advance(86_400_000);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(401);
  });
});

describe("the requests that a fault matches", () => {
  const failed: Fault = { kind: "status", status: 503 };

  test.each([
    ["method", { method: "get" }, true],
    ["another method", { method: "POST" }, false],
    ["path", { path: "/contacts/*" }, true],
    ["path to its end", { path: "/contacts" }, false],
    ["operation", { operation: "v3.contacts.getContact" }, true],
    ["operation of any module", { operation: "*.getContact" }, true],
    ["another operation", { operation: "v3.contacts.update*" }, false],
    ["stars do not overlap", { path: "/contacts/*c0ntact00000000001*1" }, false],
    ["resource", { resourceId: LOCATION }, true],
    ["another resource", { resourceId: OTHER }, false],
    ["grant type", { grantType: "*" }, false],
    ["several, all true", { method: "GET", path: "*", resourceId: LOCATION }, true],
    ["several, one false", { method: "GET", resourceId: OTHER }, false],
  ])("a fault is matched to its requests: %s", async (_what, match, befallen) => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    emulator.faults.add({ fault: failed, match });
    expect((await ask(emulator, contact, bearer(token))).status).toBe(befallen ? 503 : 200);
  });

  test("a fault may be of one location's refreshes alone", async () => {
    const { emulator } = clockedEmulator();
    const [mine, other] = [await installApp(emulator), await installApp(emulator, { locationId: OTHER })];
    emulator.faults.add({ fault: failed, match: { grantType: "refresh_token", resourceId: OTHER } });
    expect((await refresh(emulator, mine.refresh_token)).status).toBe(200);
    expect((await refresh(emulator, other.refresh_token)).status).toBe(503);
  });

  test("a fault may match the third and the fourth request alone", async () => {
    const { emulator } = clockedEmulator({ faults: [{ fault: failed, skip: 2, times: 2 }] });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await ask(emulator, contact)).status);
    expect(statuses).toEqual([401, 401, 503, 503, 401, 401]);
    expect(emulator.faults.list()).toMatchObject([{ id: "fault-1", seen: 6, befallen: 2 }]);
  });

  test("a fault is in force until it is removed", async () => {
    const { emulator } = clockedEmulator();
    const id = emulator.faults.add({ fault: failed });
    expect(emulator.faults.remove("nothing")).toBe(false);
    expect(emulator.faults.remove(id)).toBe(true);
    expect((await json(ask(emulator, contact))).message).toBe("version header was not found.");
  });
});

test.each<[unknown, string]>([
  [{}, "fault must be an object"],
  [{ fault: { kind: "fire" } }, "fault.kind must be one of"],
  [{ fault: { kind: "latency" } }, "fault.ms is missing"],
  [{ fault: { kind: "latency", ms: -1 } }, "fault.ms must be a non-negative number"],
  [{ fault: { kind: "lost", ms: 1 } }, "fault.ms must not be set for lost"],
  [{ fault: { kind: "status", status: 99 } }, "between 200 and 599"],
  [{ fault: { kind: "slow", chunkBytes: 0 } }, "at least 1"],
  [{ fault: { kind: "lost" }, match: { url: "x" } }, "match.url is not known"],
  [{ fault: { kind: "lost" }, match: { path: 1 } }, "match.path must be a string"],
  [{ fault: { kind: "lost" }, times: "1" }, "times must be a non-negative number"],
])("%j is no rule", (rule, message) => {
  const { emulator } = clockedEmulator();
  expect(() => emulator.faults.add(rule as never)).toThrow(
    expect.objectContaining({
      code: "ERR_GHL_EMULATOR_CONFIGURATION",
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});
