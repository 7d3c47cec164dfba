import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  createWorkflowWebhookHandler,
  type MarketplaceError,
  type WorkflowAuth,
  type WorkflowWebhook,
} from "../../../src/workflows.ts";
import { CONTACT_ID, LOCATION_ID, STANDARD_WEBHOOK, WORKFLOW_ID } from "../samples.ts";

const URL_ = "https://you.example/workflow";
const TOKEN = "token-of-the-workflow";
const AUTH: WorkflowAuth = { kind: "bearer", tokens: [TOKEN] };

function request(
  method: string,
  body?: unknown,
  { query = "", ...headers }: { readonly query?: string; readonly [header: string]: string | undefined } = {},
): Request {
  return new Request(URL_ + query, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

function setUp(options: object = {}) {
  const seen: WorkflowWebhook[] = [];
  const errors: MarketplaceError[] = [];
  const handler = createWorkflowWebhookHandler({
    auth: AUTH,
    onWebhook: (webhook) => {
      seen.push(webhook);
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  return { handler, seen, errors };
}

describe("the workflow webhook handler", () => {
  test("the workflow webhook handler passes on the data of the Webhook action", async () => {
    const { handler, seen } = setUp();
    const response = await handler(request("POST", STANDARD_WEBHOOK, { "content-type": "application/json" }));
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect(seen).toMatchObject([
      {
        method: "POST",
        contentType: "application/json",
        body: { kind: "json", value: STANDARD_WEBHOOK },
        locationId: LOCATION_ID,
        contactId: CONTACT_ID,
        workflowId: WORKFLOW_ID,
        customData: { source: "landing page" },
      },
    ]);
  });

  test.each(["GET", "POST", "PUT", "DELETE"])("the workflow webhook handler answers %s", async (method) => {
    const { handler, seen } = setUp();
    const body = method === "GET" ? undefined : { a: 1 };
    expect((await handler(request(method, body, { query: "?tag=a&tag=b" }))).status).toBe(200);
    expect(seen).toMatchObject([{ method, query: { tag: ["a", "b"] } }]);
  });

  test("the workflow webhook handler answers with the result of onWebhook", async () => {
    const { handler } = setUp({ onWebhook: async () => ({ orderId: "o1" }) });
    expect(await (await handler(request("POST", {}))).json()).toEqual({ orderId: "o1" });
  });

  test("the workflow webhook handler passes on the arguments of the runtime", async () => {
    const handler = createWorkflowWebhookHandler<[{ readonly name: string }]>({
      auth: AUTH,
      onWebhook: (_webhook, { args: [env], request: incoming }) => ({ name: env.name, url: incoming.url }),
    });
    const response = await handler(request("POST", {}), { name: "env" });
    expect(await response.json()).toEqual({ name: "env", url: URL_ });
  });

  test("the workflow webhook handler checks the credentials first, and names the scheme", async () => {
    const { handler, seen, errors } = setUp();
    const response = await handler(request("POST", "{", { authorization: "Bearer wrong" }));
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "ERR_GHL_WORKFLOW_AUTH" });
    expect([seen.length, errors.length]).toEqual([0, 1]);
  });

  test("the workflow webhook handler does not pass on the secret in the query", async () => {
    const { handler, seen } = setUp({ auth: { kind: "query", name: "key", values: [TOKEN] } });
    const response = await handler(new Request(`${URL_}?key=${TOKEN}&a=1`));
    expect(response.status).toBe(200);
    expect(seen).toMatchObject([{ query: { a: ["1"] } }]);
    expect(JSON.stringify(seen)).not.toContain(TOKEN);
    const refused = await handler(new Request(`${URL_}?key=wrong`));
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, null]);
  });

  test.each([
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", request("PATCH", {})],
    [
      400,
      "ERR_GHL_WORKFLOW_WEBHOOK",
      request("POST", '{"name":"Ada "the" first"}', { "content-type": "application/json" }),
    ],
    [413, "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE", request("POST", "x".repeat(2_000))],
  ])("the workflow webhook handler answers %i with the code %s", async (status, code, incoming) => {
    const { handler, seen, errors } = setUp({ maxBodyBytes: 1_000 });
    const response = await handler(incoming);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status, code });
    expect(text).not.toContain("Ada");
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(seen).toHaveLength(0);
  });

  test("the workflow webhook handler answers 400 when the body was read before", async () => {
    const incoming = request("POST", {});
    await incoming.text();
    expect((await setUp().handler(incoming)).status).toBe(400);
  });

  test("the workflow webhook handler answers 500 without the reason when a function throws", async () => {
    const fail = () => {
      throw new Error(`no database for ${TOKEN}`);
    };
    for (const options of [{ onWebhook: fail }, { auth: { kind: "verify", verify: fail } }]) {
      const { handler, errors } = setUp(options);
      const response = await handler(request("POST", {}));
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain(TOKEN);
      expect(errors[0]!.code).toBe("ERR_GHL_MARKETPLACE_HANDLER_FAILED");
    }
  });

  test.each([
    { auth: undefined },
    { auth: { kind: "bearer", tokens: [] } },
    { onWebhook: undefined },
    { maxBodyBytes: 0 },
  ])("the workflow webhook handler cannot be created with %o", (wrong) => {
    expect(() => setUp(wrong)).toThrow(ConfigurationError);
  });
});
