import { describe, expect, test } from "vitest";
import { DEFAULT_APP, type Emulator, type EmulatorOptions } from "../../src/index.ts";
import { ask, authorizePath, bearer, clockedEmulator, installApp, LOCATION, ORIGIN } from "../support.ts";

const contact = "/contacts/c0ntact00000000001";
const EVIL = `<img src=x onerror=alert(1)>"'><script>alert(1)</script>`;

function started(options: EmulatorOptions = {}): Emulator {
  return clockedEmulator({ fetch: async () => new Response(), ...options }).emulator;
}

const read = async (emulator: Emulator, query = ""): Promise<string> =>
  (await ask(emulator, `/__emulator${query}`)).text();

/** Sends a form as the page would, and follows to the page that says what happened. */
async function press(emulator: Emulator, id: string, values: Record<string, string>) {
  const init = { method: "POST", headers: { origin: ORIGIN }, body: new URLSearchParams(values) };
  const response = await ask(emulator, `/__emulator/do/${id}`, init);
  const next = response.headers.get("location");
  const html = next === null ? await response.text() : await read(emulator, new URL(next, ORIGIN).search);
  return { status: response.status, said: /role="(?:status|alert)">([^<]*)</.exec(html)?.[1] ?? "", html };
}

describe("page", () => {
  test("the page shows the newest request first", async () => {
    const emulator = started();
    const tokens = await installApp(emulator);
    await ask(emulator, contact, bearer(tokens.access_token));
    await emulator.webhooks.deliver("ContactCreate", "https://app.example/hook?a=1&b=2");
    emulator.faults.add({ fault: { kind: "lost" }, match: { path: "/never" } });
    const response = await ask(emulator, "/__emulator");
    const html = await response.text();
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    for (const seen of [
      "Requests (3)",
      "v3.contacts.getContact",
      "Installations (1)",
      "Webhooks sent (1)",
      "Faults in force (1)",
      "a=1&amp;b=2",
    ])
      expect(html).toContain(seen);
    expect(html.indexOf("v3.contacts.getContact")).toBeLessThan(html.indexOf("authorization_code"));
  });

  test("the policy of the page names its style by hash and allows no script", async () => {
    const policy = (await ask(started(), "/__emulator")).headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]{44}'/);
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain("unsafe");
  });

  test("the page shows a request whole: query, headers, body, answer, breaches", async () => {
    const emulator = started();
    const { access_token: token } = await installApp(emulator);
    const headers = { ...bearer(token).headers, "content-type": "application/json", "x-own": "mine" };
    const body = JSON.stringify({ locationId: LOCATION, firstName: "Ada", nonsense: 1 });
    await ask(emulator, "/contacts/?dry=run", { method: "POST", headers, body });
    const html = await read(emulator, "?path=/contacts");
    for (const part of [
      /<dt>dry<\/dt><dd><code>run<\/code>/,
      /<dt>x-own<\/dt><dd><code>mine<\/code>/,
      /<dt>authorization<\/dt><dd><code>\[removed\]<\/code>/,
      /Request body<\/h3><pre>\{\s+&quot;locationId/,
      /property nonsense should not exist/,
      /Answer<\/h3><pre>\{\s+&quot;contact&quot;/,
      /<dt>x-ratelimit-remaining<\/dt><dd><code>\d+/,
    ])
      expect(html).toMatch(part);
  });

  test("the page shows hostile texts as texts, wherever they come from", async () => {
    const emulator = started({
      apps: [{ ...DEFAULT_APP, clientId: EVIL, webhookUrl: `https://app.example/${encodeURIComponent(EVIL)}` }],
      company: { id: "c", name: EVIL, locations: [{ id: "l", name: EVIL }] },
    });
    const headers = { "content-type": "application/json", version: EVIL, "x-evil": EVIL };
    await ask(emulator, `/contacts/?${new URLSearchParams({ [EVIL]: EVIL })}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ [EVIL]: EVIL }),
    });
    await ask(emulator, "/oauth/token", {
      method: "POST",
      body: new URLSearchParams({ client_id: EVIL, grant_type: EVIL }),
    });
    emulator.faults.add({ fault: { kind: "garbage", body: EVIL }, match: { path: EVIL } });
    const query = new URLSearchParams({ path: EVIL, status: EVIL, app: EVIL, refresh: EVIL, done: EVIL });
    const pages = [
      await read(emulator),
      await read(emulator, `?${query}`),
      (await press(emulator, "send-event", { url: EVIL, event: EVIL, fields: EVIL })).html,
      (await press(emulator, "add-fault", { kind: "reset", path: EVIL })).html,
    ];
    for (const html of pages) {
      expect(html).toContain("&lt;script&gt;");
      expect(html).not.toMatch(/<script|<img|http-equiv="refresh"/);
    }
  });

  test("the page marks a refused request, and one without an answer", async () => {
    const emulator = started({ fetch: async () => Promise.reject(new TypeError("unreachable")) });
    emulator.faults.add({ fault: { kind: "reset" } });
    await ask(emulator, contact).catch(() => {});
    emulator.faults.clear();
    await ask(emulator, contact);
    await ask(emulator, authorizePath({ locationId: LOCATION }));
    await emulator.webhooks.deliver("ContactCreate", "https://app.example/hook");
    const statuses = (await read(emulator)).matchAll(/class="badge (good|plain|bad)">(\w+)</g);
    expect(Array.from(statuses, ([, kind, status]) => [status, kind])).toEqual([
      ["302", "plain"],
      ["401", "bad"],
      ["none", "bad"],
      ["none", "bad"],
    ]);
  });

  test("the page filters by path, status and app", async () => {
    const emulator = started();
    const { access_token: token } = await installApp(emulator);
    await ask(emulator, contact, bearer(token));
    await ask(emulator, contact);
    const shown = async (query: Record<string, string>) =>
      /Requests \(([^)]*)\)/.exec(await read(emulator, `?${new URLSearchParams(query)}`))?.[1];
    expect(await shown({})).toBe("4");
    expect(await shown({ path: "/contacts" })).toBe("2 of 4");
    expect(await shown({ status: "4xx" })).toBe("1 of 4");
    expect(await shown({ status: "200", path: "/oauth" })).toBe("1 of 4");
    expect(await shown({ app: DEFAULT_APP.clientId, path: "/contacts" })).toBe("1 of 4");
    expect(await shown({ app: "nobody" })).toBe("0 of 4");
  });

  test("the page reloads by a query parameter, and takes nothing else for a number", async () => {
    const emulator = started();
    expect(await read(emulator)).not.toContain('http-equiv="refresh"');
    expect(await read(emulator, "?refresh=2")).toContain('<meta http-equiv="refresh" content="2">');
    for (const wrong of ["0", "-1", "0.0001", "Infinity", "2%22%3E%3Cb%3E"])
      expect(await read(emulator, `?refresh=${wrong}`)).not.toContain('http-equiv="refresh"');
  });
});

describe("buttons", () => {
  const resource = `location ${LOCATION}`;

  test("an event is sent, and its answer is said", async () => {
    const sent: string[] = [];
    const emulator = started({
      fetch: async (request) => {
        sent.push(await request.text());
        return new Response(null, { status: 202 });
      },
    });
    const values = {
      event: "ContactCreate",
      url: "https://app.example/h",
      locationId: "l9",
      fields: '{"firstName":"Ada"}',
    };
    expect((await press(emulator, "send-event", values)).said).toBe(
      "ContactCreate was sent to https://app.example/h and answered with 202.",
    );
    expect(JSON.parse(sent[0]!)).toMatchObject({ type: "ContactCreate", locationId: "l9", firstName: "Ada" });
  });

  test("tokens end, the budget is spent, the clock moves", async () => {
    const { emulator, clock } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    const app = DEFAULT_APP.clientId;
    expect((await press(emulator, "spend-budget", { resource, app, requests: "150" })).said).toMatch(/^100 of 150 /);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(429);
    expect((await press(emulator, "move-clock", { amount: "2", unit: "hours" })).said).toContain(
      new Date(clock.nowMs + 7_200_000).toISOString(),
    );
    expect((await ask(emulator, contact, bearer(token))).status).toBe(200);
    expect((await press(emulator, "end-tokens", { resource })).said).toContain("have ended");
    expect((await ask(emulator, contact, bearer(token))).status).toBe(401);
  });

  test("a fault is added, listed and removed", async () => {
    const emulator = started();
    const values = { kind: "status", path: "/contacts/*", method: "", status: "503", ms: "", times: "1" };
    expect((await press(emulator, "add-fault", values)).said).toBe("fault-1 is in force: status on /contacts/*.");
    expect(emulator.faults.list()).toMatchObject([
      { fault: { kind: "status", status: 503 }, match: { path: "/contacts/*" }, times: 1 },
    ]);
    expect((await press(emulator, "remove-fault", { fault: "fault-1" })).said).toBe("fault-1 is removed.");
    expect(emulator.faults.list()).toEqual([]);
    for (const kind of ["latency", "lost", "hold", "reset", "garbage", "cut", "slow", "skew"])
      expect((await press(emulator, "add-fault", { kind })).said).toContain(`${kind} on every path`);
    await press(emulator, "clear-faults", {});
    expect(emulator.faults.list()).toEqual([]);
    expect((await press(emulator, "release-held", {})).said).toBe("0 held answers were released.");
  });

  test("a reset makes it what it was at the start, and the same ids again", async () => {
    const emulator = started({ seedRecords: "small" });
    const before = emulator.records();
    const first = await installApp(emulator);
    emulator.clock.advance(1_000);
    emulator.faults.add({ fault: { kind: "skew", ms: 1 } });
    emulator.limits.set("sandbox");
    expect((await press(emulator, "reset", {})).status).toBe(400);
    expect((await press(emulator, "reset", { sure: "yes" })).said).toContain("as it was at the start");
    expect([emulator.log, emulator.installations(), emulator.faults.list()]).toEqual([[], [], []]);
    expect(emulator.limits.current().max).toBe(100);
    expect(emulator.records()).toEqual(before);
    expect((await ask(emulator, contact, bearer(first.access_token))).status).toBe(401);
    expect((await installApp(emulator)).access_token).toBe(first.access_token);
  });

  test("a button's result is shown once", async () => {
    const emulator = started();
    await press(emulator, "clear-log", {});
    expect(await read(emulator, "?done=1")).not.toContain('role="status"');
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["send-event", { event: "ContactCreate", url: "nowhere" }, /^url must be an absolute URL/],
    [
      "send-event",
      { event: "ContactCreate", url: "https://a.example", fields: "[1]" },
      /^fields must be a JSON object/,
    ],
    ["send-event", { event: "Nonsense", url: "https://a.example" }, /Nonsense/],
    ["end-tokens", { resource: "planet x" }, /^resource must be/],
    ["add-fault", { kind: "fire" }, /^fault\.kind must be one of/],
    ["add-fault", { kind: "status", status: "99" }, /^fault\.status must be/],
    ["move-clock", { amount: "far", unit: "hours" }, /^amount must be a number/],
    ["move-clock", { amount: "1", unit: "toString" }, /^unit must be one of/],
    ["spend-budget", { resource, requests: "-1" }, /^requests must be/],
    ["reset", {}, /^sure must be ticked/],
  ])("%s %j is refused in its own form, which keeps what was typed", async (id, values, message) => {
    const { status, said, html } = await press(started(), id, values);
    expect(status).toBe(400);
    expect(said).toMatch(message);
    const form = html.slice(html.indexOf(`action="/__emulator/do/${id}"`));
    if (values.url !== undefined) expect(form).toContain(`value="${values.url}"`);
    expect(html.match(/<details class="action" open/g)).toHaveLength(1);
  });

  test.each([
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: ORIGIN, "sec-fetch-site": "cross-site" },
  ])("a form of another origin changes nothing: %j", async (headers) => {
    const emulator = started();
    const init = { method: "POST", headers, body: new URLSearchParams({ kind: "reset" }) };
    expect((await ask(emulator, "/__emulator/do/add-fault", init)).status).toBe(403);
    expect(emulator.faults.list()).toEqual([]);
  });
});
