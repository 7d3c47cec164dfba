import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { createApp, createTrafficApp } from "../src/app.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("a malformed secret is named in the log, without its value; a webhook is to be sent again", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const broken = { ...env, TOKEN_KEYS: '{"k":"s3cret"}' };
  const answer = async (path: string) => createApp().request(path, {}, broken);
  expect((await answer("/healthz")).status).toBe(200);
  const refused = await answer("/oauth/install");
  expect(refused.status).toBe(500);
  expect((await createTrafficApp().request("/webhooks/main", { method: "POST" }, broken)).status).toBe(429);
  expect(lines.filter((line) => line.includes('"outcome":"TOKEN_KEYS"')).length).toBe(2);
  expect(lines.join() + (await refused.text())).not.toContain("s3cret");
});
