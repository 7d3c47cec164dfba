import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { createExternalAuthHandler } from "../../src/external-auth.ts";
import { createPaymentQueryHandler } from "../../src/payments.ts";
import {
  createTriggerSubscriptionHandler,
  createWorkflowActionHandler,
  createWorkflowWebhookHandler,
} from "../../src/workflows.ts";

const SECRET = "secret-of-somebody";
const auth = { kind: "bearer", tokens: ["right"] } as const;
const mine = new Error("the database is away");
const fails = () => Promise.reject(mine);

/** Creates each handler, with a request that makes its function fail and one with a wrong key. */
const handlers: Record<string, (options: object) => (request: Request) => Promise<Response>> = {
  externalAuth: (options) =>
    createExternalAuthHandler({
      fields: ["apiKey"],
      verify: ({ fields }) => (fields.apiKey === "right" ? fails() : false),
      ...options,
    }),
  payments: (options) => createPaymentQueryHandler({ apiKeys: { live: "right" }, verify: fails, ...options }),
  action: (options) => createWorkflowActionHandler({ auth, actions: { a: fails }, ...options }),
  trigger: (options) => createTriggerSubscriptionHandler({ auth, onSubscription: fails, ...options }),
  webhook: (options) => createWorkflowWebhookHandler({ auth, onWebhook: fails, ...options } as never),
};
const bodies: Record<string, (key: string) => object> = {
  externalAuth: (apiKey) => ({ companyId: "c1", locationId: ["l1"], apiKey }),
  payments: (apiKey) => ({ type: "verify", apiKey, chargeId: SECRET }),
  action: () => ({ data: { note: SECRET }, meta: { key: "a" } }),
  trigger: () => ({ triggerData: { eventType: "DELETED", id: SECRET } }),
  webhook: () => ({ email: SECRET }),
};

const request = (name: string, key: string): Request =>
  new Request(`https://you.example/${SECRET}?key=${SECRET}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify(bodies[name]!(key)),
  });

let error: MockInstance<typeof console.error>;
beforeEach(() => {
  error = vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => error.mockRestore());

describe.each(Object.keys(handlers))("the handler %s", (name) => {
  test("the handler logs where a function failed, without the payload and the message", async () => {
    const response = await handlers[name]!({})(request(name, "right"));
    expect(response.status).toBe(500);
    expect(error.mock.calls).toHaveLength(1);
    expect(error.mock.calls[0]![0]).toMatch(
      /^@ghl-edge\/marketplace: POST was answered 500 ERR_GHL_MARKETPLACE_HANDLER_FAILED: a function of the app threw an error: Error\n\s+at /,
    );
    expect(String(error.mock.calls[0]![0])).not.toMatch(/secret-of|database/);
  });

  test("the handler logs one line for a wrong key, without the key", async () => {
    const response = await handlers[name]!({})(request(name, "wrong-key"));
    expect(response.status).toBe(401);
    expect(error.mock.calls).toHaveLength(1);
    expect(error.mock.calls[0]).toHaveLength(1);
    expect(error.mock.calls[0]![0]).toMatch(/^@ghl-edge\/marketplace: POST was answered 401 ERR_GHL_[A-Z_]+: /);
    expect(String(error.mock.calls[0]![0])).not.toMatch(/secret-of|wrong-key/);
  });

  test("the handler logs to the function of the option, and does not log a scanner's request", async () => {
    const lines: string[] = [];
    const handler = handlers[name]!({ log: (line: string) => lines.push(line), onError: () => undefined });
    await handler(request(name, "wrong-key"));
    expect(lines).toHaveLength(1);
    await handlers[name]!({})(new Request("https://you.example/", { method: "OPTIONS" }));
    expect(error).not.toHaveBeenCalled();
  });

  test("the handler refuses an invalid log at construction", () => {
    for (const log of [true, "console", null]) expect(() => handlers[name]!({ log })).toThrow("log must be");
  });

  test("the handler logs nothing with log: false, and nothing with onError", async () => {
    const reported: string[] = [];
    for (const key of ["right", "wrong-key"]) {
      await handlers[name]!({ log: false })(request(name, key));
      await handlers[name]!({ onError: ({ code }: { code: string }) => reported.push(code) })(request(name, key));
    }
    expect(reported).toHaveLength(2);
    expect(error).not.toHaveBeenCalled();
  });
});
