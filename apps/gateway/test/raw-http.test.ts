import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// These tests send what no fetch can send, over a socket to the gateway in workerd.
Object.assign(process.env, {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
});
const { startServers } = await import("../local/demo/servers.ts");
const { installApp, LOCATION } = await import("../local/demo/steps.ts");

let demo: Awaited<ReturnType<typeof startServers>>;

beforeAll(async () => {
  demo = await startServers();
  await installApp(demo, () => {});
}, 60_000);
afterAll(() => demo.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One request on a connection of its own, until the server ends it. */
function send(
  method: string,
  headers: readonly string[],
  { body = "", path = "/contacts/c1" }: { readonly body?: string; readonly path?: string } = {},
): Promise<Answer> {
  const { hostname, port, host } = new URL(demo.workerdUrl);
  const lines = [
    `${method} /api/location/${LOCATION}${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${demo.apiKey}`,
    "Connection: close",
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`));
    let text = "";
    socket.on("data", (data) => {
      text += data.toString();
    });
    socket.on("close", () => resolve({ status: Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]), text }));
    socket.on("error", reject);
  });
}

const calls = () => demo.emulator.log.length;

describe("no body", () => {
  test.each<[string, string, string[], string]>([
    ["GET with Content-Length: 0", "GET", ["Content-Length: 0"], ""],
    ["GET with an empty chunked body", "GET", ["Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["GET without any", "GET", [], ""],
    ["DELETE with Content-Length: 0", "DELETE", ["Content-Length: 0"], ""],
    ["DELETE with an empty chunked body", "DELETE", ["Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["GET that expects 100-continue", "GET", ["Expect: 100-continue", "Content-Length: 0"], ""],
  ])("%s is a call like any other", async (_what, method, headers, body) => {
    const before = calls();
    const { status, text } = await send(method, headers, { body });
    expect(status, text).toBe(200);
    expect(calls()).toBe(before + 1);
  });

  // A chunked body of a GET does not come this far: workerd's own entry drops it. `http/request-body.node.test.ts` has it.
  test("a GET that means one is 400, and HighLevel is not called", async () => {
    const before = calls();
    const { status, text } = await send("GET", ["Content-Length: 2"], { body: "{}" });
    expect(status, text).toBe(400);
    expect(text).toContain("ERR_GHL_GATEWAY_BODY_NOT_ALLOWED");
    expect(calls()).toBe(before);
  });

  test("none of them spends a permit: the budget is as the answered calls left it", async () => {
    const remaining = (text: string) => Number(/x-ratelimit-remaining: (\d+)/i.exec(text)?.[1]);
    const first = remaining((await send("GET", [])).text);
    for (let i = 0; i < 5; i++) await send("GET", ["Content-Length: 2"], { body: "{}" });
    expect(remaining((await send("GET", ["Content-Length: 0"])).text)).toBe(first - 1);
  });
});
