import { describe, expect, test } from "vitest";
import { ConfigurationError, createPaymentProviderClient } from "../../src/payments.ts";
import { accepted, answer, fakeFetch, type Reply } from "../fake-fetch.ts";

const TOKEN = "token-of-l1";
const details = {
  name: "Pay",
  description: "Pays",
  paymentsUrl: "https://you.example/pay",
  queryUrl: "https://you.example/query",
  imageUrl: "https://you.example/logo.png",
};
const keys = { apiKey: "key-of-l1", publishableKey: "pk" };
const BASE = "https://services.leadconnectorhq.com/payments/custom-provider";

function setUp(...replies: Reply[]) {
  const { fetch, calls } = fakeFetch(...(replies.length === 0 ? [accepted()] : replies));
  return { client: createPaymentProviderClient({ accessToken: TOKEN, fetch }), calls };
}
type Client = ReturnType<typeof setUp>["client"];

describe("the provider's configuration", () => {
  test.each<[string, (client: Client) => Promise<unknown>, object]>([
    [
      "create",
      (client) => client.create("l1", { ...details, extra: 1 } as typeof details),
      {
        method: "POST",
        url: `${BASE}/provider?locationId=l1`,
        json: { ...details, supportsSubscriptionSchedule: false },
      },
    ],
    [
      "delete",
      (client) => client.delete("l1"),
      { method: "DELETE", url: `${BASE}/provider?locationId=l1`, json: undefined },
    ],
    ["get", (client) => client.get("l 1"), { method: "GET", url: `${BASE}/connect?locationId=l+1`, json: undefined }],
    [
      "connect of both modes",
      (client) => client.connect("l1", { live: keys, test: keys }),
      { method: "POST", url: `${BASE}/connect?locationId=l1`, json: { live: keys, test: keys } },
    ],
    ["connect of one mode", (client) => client.connect("l1", { test: keys }), { json: { test: keys } }],
    [
      "disconnect",
      (client) => client.disconnect("l1", "live"),
      { method: "POST", url: `${BASE}/disconnect?locationId=l1`, json: { liveMode: true } },
    ],
    ["disconnect of the test mode", (client) => client.disconnect("l1", "test"), { json: { liveMode: false } }],
    [
      "updateCapabilities",
      (client) => client.updateCapabilities({ supportsSubscriptionSchedules: true, companyId: "c1" }),
      { method: "PUT", url: `${BASE}/capabilities`, json: { supportsSubscriptionSchedules: true, companyId: "c1" } },
    ],
  ])("%s is the documented request", async (_name, run, expected) => {
    const { client, calls } = setUp();
    await run(client);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject(expected);
    expect(calls[0]!.headers.get("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(calls[0]!.headers.get("version")).toBe("2021-07-28");
  });

  test("the provider's configuration is returned unchanged", async () => {
    const { client } = setUp(answer(200, {}, '{"_id":"x","locationId":"l1"}'));
    expect(await client.get("l1")).toEqual({ _id: "x", locationId: "l1" });
  });

  test("each call to the provider's configuration gets a token of its own", async () => {
    const { fetch, calls } = fakeFetch(accepted());
    let count = 0;
    const client = createPaymentProviderClient({ accessToken: async () => `token-${++count}`, fetch, version: "v3" });
    await client.get("l1");
    await client.get("l1");
    expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(calls[0]!.headers.get("version")).toBe("v3");
  });

  test("a call to the provider's configuration fails without token or keys in the error, and is not retried", async () => {
    const { client, calls } = setUp(answer(503, {}, JSON.stringify({ message: [TOKEN, keys.apiKey], traceId: "t1" })));
    const error = (await client.connect("l1", { live: keys }).catch((caught: Error) => caught)) as Error;
    expect(error).toMatchObject({ code: "ERR_GHL_MARKETPLACE_SERVER", status: 503, ambiguous: true, traceId: "t1" });
    const { message, stack, cause, ...rest } = error;
    const whole = JSON.stringify([message, stack, cause, rest]);
    expect(whole).not.toContain(TOKEN);
    expect(whole).not.toContain(keys.apiKey);
    expect(calls).toHaveLength(1);
  });

  test.each<[string, (client: Client) => Promise<unknown>]>([
    ["no location", (client) => client.get("")],
    ["no keys", (client) => client.connect("l1", {} as { live: typeof keys })],
    ["an empty key", (client) => client.connect("l1", { live: { apiKey: "", publishableKey: "pk" } })],
    ["another mode", (client) => client.disconnect("l1", "sandbox" as "test")],
    ["no tenant", (client) => client.updateCapabilities({ supportsSubscriptionSchedules: true } as never)],
  ])("a provider's configuration with %s sends nothing", async (_name, run) => {
    const { client, calls } = setUp();
    await expect(run(client)).rejects.toBeInstanceOf(ConfigurationError);
    expect(calls).toHaveLength(0);
  });

  test("the provider's configuration needs a token and https", () => {
    expect(() => createPaymentProviderClient({ accessToken: "" })).toThrow(ConfigurationError);
    expect(() => createPaymentProviderClient({ accessToken: "t", baseUrl: "http://elsewhere.example" })).toThrow(
      ConfigurationError,
    );
    expect(() => createPaymentProviderClient({ accessToken: "t", baseUrl: "http://127.0.0.1:8787" })).not.toThrow();
  });
});
