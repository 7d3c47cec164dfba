import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { createApp, createTrafficApp } from "../../src/app.ts";
import { isolate } from "../../src/worker.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("a configuration that cannot work is 503 everywhere, named in the log without its value; a webhook is to be sent again", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const broken = { ...env, APPS: '{"main":{"clientId":"s3cret","clientSecret":["s3cret"]}}' };
  for (const path of ["/healthz", "/oauth/install"]) {
    const refused = await createApp(isolate).request(path, {}, broken);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
    const text = await refused.text();
    expect(JSON.parse(text)).toMatchObject({ code: "ERR_GHL_GATEWAY_CONFIG" });
    expect(text).not.toMatch(/s3cret|clientSecret/);
  }
  expect((await createTrafficApp(isolate).request("/webhooks/main", { method: "POST" }, broken)).status).toBe(429);
  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged).toHaveLength(3);
  for (const line of logged)
    expect(line).toMatchObject({
      app: "main",
      setting: "APPS.main.clientSecret",
      expected: "a text that is not empty",
    });
  expect(lines.join()).not.toContain("s3cret");
});

it("a configuration that works is healthy", async () => {
  expect(await (await createApp(isolate).request("/healthz", {}, env)).json()).toEqual({ ok: true });
});
