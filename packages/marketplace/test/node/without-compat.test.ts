import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Runs every entry in workerd without `nodejs_compat`, bundled for a runtime with web standards only. */
let miniflare: Miniflare;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("every-entry.worker.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2023",
    platform: "neutral",
  });
  const worker = { modules: true, script: outputFiles[0]!.text, compatibilityDate: "2025-01-01", cf: false } as const;
  miniflare = new Miniflare(convertV4MiniflareOptions(worker));
  await miniflare.ready;
}, 60_000);
afterAll(() => miniflare.dispose());

async function ask(path: string, body?: string): Promise<[status: number, text: string]> {
  const response = await miniflare.dispatchFetch(
    `http://worker${path}`,
    body === undefined ? {} : { method: "POST", body },
  );
  return [response.status, await response.text()];
}

const VECTOR =
  "U2FsdGVkX18BAgMEBQYHCFdukKKXL56W7TS1pvgDV4+WNlzlz3+AIW7bD0uMepESxVH7BwtA75KppQNH8Y87kOM7cMMYt078aJNwBB1bB+UVb4wH04x1o3Bnxe1dGvqcZT4FReE3U9J0Z77yLQkCegZuOtF4sgrJKxjPauB3vemO08oN4ZPs3s+Sr2SFlln0";

test("the bundle imports nothing of Node", async () => {
  expect(await ask("/globals")).toEqual([200, "[]"]);
});

test("the billing entry works in workerd without nodejs_compat", async () => {
  const [status, text] = await ask("/billing?clientId=app-1&installType=agency,location&companyId=c1&locationId=l1,l2");
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject(Array(3).fill({ outcome: "accepted" }));
  expect(await ask("/billing?clientId=app-1")).toEqual([500, "ERR_GHL_BILLING_REDIRECT"]);
});

test("the external-auth entry works in workerd without nodejs_compat", async () => {
  expect((await ask("/external-auth?companyId=c1&locationId[]=A&apiKey=right"))[0]).toBe(200);
  expect((await ask("/external-auth", "companyId=c1&locationId=A&apiKey=wrong"))[0]).toBe(401);
  expect((await ask("/external-auth", '{"companyId":"c1"}'))[0]).toBe(400);
});

test("the user-context entry works in workerd without nodejs_compat", async () => {
  const [status, text] = await ask("/user-context", VECTOR);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ userId: "u1", activeLocation: "l1" });
  expect(await ask("/user-context", VECTOR.replace("A", "B"))).toEqual([500, "ERR_GHL_USER_CONTEXT_INVALID"]);
});

test("the payments entry works in workerd without nodejs_compat", async () => {
  expect(await ask("/payments", '{"type":"verify","apiKey":"k","chargeId":"ch1"}')).toEqual([200, '{"success":true}']);
  expect((await ask("/payments", '{"type":"verify","apiKey":"x","chargeId":"ch1"}'))[0]).toBe(401);
  expect(await ask("/event")).toEqual([200, "sent"]);
});

test("the workflows entry works in workerd without nodejs_compat", async () => {
  const highLevel = "https://services.leadconnectorhq.com";
  expect(await ask("/workflow-webhook?key=k&a=1", '{"location":{"id":"l1"}}')).toEqual([
    200,
    '{"locationId":"l1","query":{"a":["1"]}}',
  ]);
  expect((await ask("/workflow-webhook?key=x", "{}"))[0]).toBe(401);
  expect(await ask("/workflow-action?key=k", '{"data":{"b":1},"meta":{"key":"a"}}')).toEqual([200, '{"echo":{"b":1}}']);
  const triggerData = { eventType: "CREATED", targetUrl: `${highLevel}/workflows-marketplace/triggers/execute/a/b` };
  expect((await ask("/workflow-trigger?key=k", JSON.stringify({ triggerData })))[0]).toBe(200);
  expect(await ask("/inbound-webhook", `${highLevel}/hooks/a`)).toEqual([200, '{"outcome":"accepted"}']);
  expect(await ask("/inbound-webhook", "https://x.example/hooks/a")).toEqual([500, "ERR_GHL_INBOUND_WEBHOOK_URL"]);
});

test("the browser helpers fail in workerd with an error that says they are unavailable", async () => {
  const [, text] = await ask("/no-browser");
  expect(JSON.parse(text)).toEqual(["ERR_GHL_USER_CONTEXT_UNAVAILABLE", "ERR_GHL_CHECKOUT_UNAVAILABLE"]);
});
