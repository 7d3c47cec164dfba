import { describe, expect, it } from "vitest";
import { ConfigurationError, createClient } from "../src/index.ts";
import { fakeServer, json, rejection } from "./fake-server.ts";
import { Pets } from "./openapi/pets.ts";

const ok = () => json({ ok: true });

describe("createClient", () => {
  it.each([
    ["no auth", { auth: undefined }],
    ["an empty token", { auth: "" }],
    ["an empty private integration token", { auth: { privateIntegrationToken: "" } }],
    ["a relative base URL", { auth: "t", baseUrl: "/api" }],
    ["another scheme", { auth: "t", baseUrl: "file:///etc" }],
    ["a base URL with a query", { auth: "t", baseUrl: "https://x.test/?a=1" }],
  ])("createClient refuses %s", (_, options) => {
    expect(() => createClient(options as never)).toThrow(ConfigurationError);
  });

  it("createClient takes a private integration token by name", async () => {
    const { client, sent } = fakeServer(ok, { auth: { privateIntegrationToken: "pit-2" } });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent[0]!.headers.authorization).toBe("Bearer pit-2");
  });

  it("createClient counts undefined as not given", async () => {
    const { client, sent } = fakeServer(ok, { baseUrl: undefined, timeoutMs: undefined, retry: undefined });
    await client.use(Pets).getPet({ petId: "1" }, { timeoutMs: undefined, retry: undefined, headers: undefined });
    expect(sent[0]!.url).toContain("https://services.leadconnectorhq.com/");
  });

  it("createClient refuses a token that no header can carry, and does not quote it", async () => {
    const { client, sent } = fakeServer(ok, { auth: "pit-secret\n" });
    const error = (await rejection(client.use(Pets).getPet({ petId: "1" }))) as Error;
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("pit-secret");
    expect(sent).toHaveLength(0);
  });
});
