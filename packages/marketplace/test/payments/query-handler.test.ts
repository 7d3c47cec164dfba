import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  createPaymentQueryHandler,
  hashApiKey,
  type MarketplaceError,
  type PaymentContext,
  type PaymentQuery,
} from "../../src/payments.ts";
import { API_KEY, queries } from "./queries.ts";

const URL_ = "https://you.example/query";
const post = (body: unknown): Request =>
  new Request(URL_, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
const subscription = { id: "sub1", status: "active", trialEnd: 0, createdAt: 1, nextCharge: 2 } as const;

function setUp(options: object = {}) {
  const seen: { query: PaymentQuery; merchant: string }[] = [];
  const errors: MarketplaceError[] = [];
  const note =
    <T>(outcome: T) =>
    (query: PaymentQuery, { merchant }: PaymentContext<string>): T => {
      seen.push({ query, merchant });
      return outcome;
    };
  const handler = createPaymentQueryHandler<string>({
    apiKeys: { live: API_KEY, test: "key-of-the-test-mode" },
    verify: note({ status: "succeeded" } as const),
    list_payment_methods: note([]),
    charge_payment: note({ status: "failed", message: "declined" } as const),
    create_subscription: note({ status: "succeeded", subscription } as const),
    refund: note({ status: "succeeded", id: "re1", amount: 50, currency: "USD" } as const),
    cancel_subscription: note({ status: "canceled" } as const),
    onError: (error) => errors.push(error),
    ...options,
  });
  return { handler, seen, errors };
}

describe("the query handler", () => {
  test.each([
    ["verify", { success: true }],
    ["list_payment_methods", []],
    ["charge_payment", { success: false, failed: true, message: "declined" }],
    ["create_subscription", { success: true, subscription: { subscriptionId: "sub1" } }],
    ["refund", { success: true, id: "re1" }],
    ["cancel_subscription", { status: "canceled" }],
  ] as const)("the query handler dispatches %s", async (type, reply) => {
    const { handler, seen } = setUp();
    const response = await handler(post(queries[type]));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject(reply);
    expect(seen).toMatchObject([{ query: { type }, merchant: "live" }]);
    expect(JSON.stringify(seen)).not.toContain(API_KEY);
  });

  test("the query handler answers a type name of older guides in HighLevel's format", async () => {
    const { handler } = setUp();
    const response = await handler(post({ ...queries.list_payment_methods, type: "get_payment_methods" }));
    expect(await response.json()).toEqual([]);
  });

  test("the query handler identifies merchants by their key", async () => {
    const { handler, seen } = setUp();
    await handler(post({ ...queries.verify, apiKey: "key-of-the-test-mode" }));
    expect(seen[0]!.merchant).toBe("test");
  });

  test("the query handler looks up merchants by the hash of the key, never by the key", async () => {
    const looked: string[] = [];
    const merchants = new Map([[await hashApiKey(API_KEY), "l1"]]);
    const { handler, seen } = setUp({
      apiKeys: undefined,
      merchantOf: (hash: string) => {
        looked.push(hash);
        return merchants.get(hash);
      },
    });
    expect((await handler(post(queries.verify))).status).toBe(200);
    expect(seen[0]!.merchant).toBe("l1");
    expect((await handler(post({ ...queries.verify, apiKey: "another" }))).status).toBe(401);
    expect(looked.join()).not.toContain(API_KEY);
    expect(looked[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([undefined, null, false])(
    "the query handler treats %o from merchantOf as an unknown key",
    async (merchant) => {
      const { handler, seen } = setUp({ apiKeys: undefined, merchantOf: () => merchant });
      expect((await handler(post(queries.verify))).status).toBe(401);
      expect(seen).toHaveLength(0);
    },
  );

  test.each(["", "wrong", API_KEY.slice(0, -1), `${API_KEY}x`, null, undefined, 1, [API_KEY]])(
    "the query handler refuses the apiKey %o before it looks at the rest",
    async (apiKey) => {
      const { handler, seen } = setUp();
      for (const body of [
        { ...queries.verify, apiKey },
        { apiKey, type: "nonsense" },
      ]) {
        const response = await handler(post(body));
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ code: "ERR_GHL_PAYMENT_QUERY_API_KEY" });
      }
      expect(seen).toHaveLength(0);
    },
  );

  test.each([
    [400, "ERR_GHL_PAYMENT_QUERY", post("{")],
    [400, "ERR_GHL_PAYMENT_QUERY", post({ type: "nonsense", apiKey: API_KEY })],
    [400, "ERR_GHL_PAYMENT_QUERY", post({ type: "refund", apiKey: API_KEY })],
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", new Request(URL_)],
    [413, "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE", post("x".repeat(2_000))],
  ])("the query handler answers %i with the code %s", async (status, code, request) => {
    const { handler, seen, errors } = setUp({ maxBodyBytes: 1_000 });
    const response = await handler(request);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status, code });
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(seen).toHaveLength(0);
  });

  test("the query handler answers 501 without a function", async () => {
    const { handler } = setUp({ refund: undefined });
    const response = await handler(post(queries.refund));
    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ code: "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED" });
  });

  test("the query handler answers 500 without the reason when a function throws", async () => {
    const fail = () => {
      throw new Error(`no database for ${API_KEY}`);
    };
    for (const options of [{ verify: fail }, { apiKeys: undefined, merchantOf: fail }]) {
      const { handler, errors } = setUp(options);
      const response = await handler(post(queries.verify));
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain(API_KEY);
      expect(errors[0]!.code).toBe("ERR_GHL_MARKETPLACE_HANDLER_FAILED");
    }
  });

  test("the query handler answers 500 for an invalid result of a function", async () => {
    const { handler } = setUp({ verify: () => ({ success: true }) });
    const response = await handler(post(queries.verify));
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: "https://github.com/ghl-edge/ghl-edge/blob/main/docs/errors.md#err_ghl_payment_reply",
      title: "The request could not be handled",
      status: 500,
      code: "ERR_GHL_PAYMENT_REPLY",
    });
  });

  test("the query handler passes on the arguments of the runtime", async () => {
    const handler = createPaymentQueryHandler<string, [{ readonly status: "pending" }]>({
      apiKeys: { live: API_KEY },
      verify: (_query, { args: [env] }) => env,
    });
    const response = await handler(post(queries.verify), { status: "pending" });
    expect(await response.json()).toEqual({ success: false });
  });

  test.each([
    { verify: undefined },
    { maxBodyBytes: Number.NaN },
    { apiKeys: undefined },
    { apiKeys: {} },
    { apiKeys: { live: "" } },
    { apiKeys: { live: undefined } },
    { merchantOf: () => "x" },
  ])("the query handler cannot be created with %o", (wrong) => {
    expect(() => setUp(wrong)).toThrow(ConfigurationError);
  });
});

test("hashApiKey is SHA-256 in hexadecimal (FIPS 180-4, 'abc')", async () => {
  expect(await hashApiKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
