import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import {
  ConfigurationError,
  createExternalAuthHandler,
  type ExternalAuthHandlerOptions,
  type ExternalAuthRequest,
  type MarketplaceError,
} from "../../src/external-auth.ts";

const URL_ = "https://you.example/auth";
const form = "companyId=c1&locationId=A,B&apiKey=right";

const request = (method: string, body: string | null = form, type = "application/x-www-form-urlencoded"): Request =>
  new Request(URL_, { method, headers: { "content-type": type }, body });

function setUp(options: Partial<ExternalAuthHandlerOptions<"apiKey">> = {}) {
  const seen: ExternalAuthRequest<"apiKey">[] = [];
  const errors: MarketplaceError[] = [];
  const handler = createExternalAuthHandler({
    fields: ["apiKey"],
    verify: (incoming) => {
      seen.push(incoming);
      return incoming.fields.apiKey === "right";
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  return { handler, seen, errors };
}

/** This package must not write to a log, because it handles credentials. */
const LOGS = ["log", "info", "warn", "error", "debug"] as const;
let logs: MockInstance[];
beforeEach(() => {
  logs = LOGS.map((name) => vi.spyOn(console, name));
});
afterEach(() => {
  for (const log of logs) {
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  }
});

describe("the external-auth handler", () => {
  test.each(["POST", "PUT", "PATCH"])("the external-auth handler answers %s", async (method) => {
    const { handler, seen } = setUp();
    const response = await handler(request(method));
    expect(response.status).toBe(200);
    expect(seen[0]).toMatchObject({ companyId: "c1", selection: { kind: "locations", locationIds: ["A", "B"] } });
  });

  test("the external-auth handler answers a GET by its query", async () => {
    const { handler, seen } = setUp();
    expect((await handler(new Request(`${URL_}?${form}`))).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  test.each([200, 201, 202, 204] as const)(
    "the external-auth handler answers success with %i",
    async (successStatus) => {
      const response = await setUp({ successStatus }).handler(request("POST"));
      expect(response.status).toBe(successStatus);
      expect(await response.text()).toBe(successStatus === 204 ? "" : '{"success":true}');
      expect(response.headers.get("cache-control")).toBe("no-store");
    },
  );

  test("the external-auth handler refuses credentials that verify rejects, without quoting them", async () => {
    const { handler, errors } = setUp();
    const response = await handler(request("POST", form.replace("right", "wrong-one")));
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 401, code: "ERR_GHL_EXTERNAL_AUTH_REJECTED" });
    expect(text).not.toContain("wrong-one");
    expect(errors.map(({ code }) => code)).toEqual(["ERR_GHL_EXTERNAL_AUTH_REJECTED"]);
  });

  test("the external-auth handler accepts only true from verify", async () => {
    for (const verdict of [undefined, null, 1, "yes", { valid: false }]) {
      const { handler } = setUp({ verify: () => verdict as unknown as boolean });
      expect((await handler(request("POST"))).status).toBe(401);
    }
  });

  test("the external-auth handler fails closed when verify fails", async () => {
    const { handler, errors } = setUp({
      verify: () => {
        throw new Error("database");
      },
    });
    const response = await handler(request("POST"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("database");
    expect(errors[0]).toMatchObject({ code: "ERR_GHL_MARKETPLACE_HANDLER_FAILED", cause: new Error("database") });
  });

  test.each([
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", new Request(URL_, { method: "DELETE" })],
    [400, "ERR_GHL_EXTERNAL_AUTH_REQUEST", request("POST", "companyId=c1")],
    [400, "ERR_GHL_EXTERNAL_AUTH_REQUEST", request("POST", "{", "application/json")],
    [413, "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE", request("POST", `${form}&x=${"x".repeat(2_000)}`)],
  ])(
    "the external-auth handler answers %i with the code %s and without calling verify",
    async (status, code, incoming) => {
      const { handler, seen } = setUp({ maxBodyBytes: 1_000 });
      const response = await handler(incoming);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ status, code });
      expect(seen).toHaveLength(0);
    },
  );

  test("the external-auth handler names the parameter of an invalid request", async () => {
    const response = await setUp().handler(request("POST", "companyId=c1"));
    expect(await response.json()).toMatchObject({ parameter: "apiKey" });
  });

  test("the external-auth handler lists the allowed methods", async () => {
    const response = await setUp().handler(new Request(URL_, { method: "DELETE" }));
    expect(response.headers.get("allow")).toBe("GET, POST, PUT, PATCH");
  });

  test("the external-auth handler answers 400 when the body was read before", async () => {
    const incoming = request("POST");
    await incoming.text();
    expect((await setUp().handler(incoming)).status).toBe(400);
  });

  test("the external-auth handler answers although onError throws", async () => {
    const { handler } = setUp({
      onError: () => {
        throw new Error("log is full");
      },
    });
    expect((await handler(request("POST", "x=1"))).status).toBe(400);
  });

  test("the external-auth handler passes on the arguments of the runtime", async () => {
    const handler = createExternalAuthHandler<never, [{ readonly key: string }]>({
      verify: ({ fields }, { args: [env], request: incoming }) =>
        fields.apiKey === env.key && incoming.headers.get("x-key") === "h",
    });
    const incoming = new Request(`${URL_}?${form}`, { headers: { "x-key": "h" } });
    expect((await handler(incoming, { key: "right" })).status).toBe(200);
  });

  test.each([
    { verify: undefined },
    { maxBodyBytes: 0 },
    { successStatus: 203 },
    { fields: ["locationId"] },
    { fields: [""] },
  ])("the external-auth handler cannot be created with %o", (wrong) => {
    expect(() => setUp(wrong as never)).toThrow(ConfigurationError);
  });
});
