import { describe, expect, test } from "vitest";
import { MarketplaceError } from "../../src/errors.ts";
import { parseExternalAuth } from "../../src/external-auth.ts";
import { MAX_FIELDS } from "../../src/http/form.ts";
import { parseCheckoutMessage, parsePaymentQuery } from "../../src/payments.ts";
import { parseTriggerSubscription, parseWorkflowAction, parseWorkflowWebhook } from "../../src/workflows.ts";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
/** Returns `{"a":[[…]]}` with this number of levels, including the object. */
const within = (depth: number): string => `{"a":${nested(depth - 1)}}`;
const DEEP = 6_000;

const post = (body: string, type: string): Request =>
  new Request("https://you.example/", { method: "POST", body, headers: { "content-type": type } });

describe("untrusted JSON", () => {
  test.each<[string, (body: string) => unknown]>([
    ["a workflow's webhook", (body) => parseWorkflowWebhook(post(body, "application/json"))],
    ["a workflow's webhook of another type", (body) => parseWorkflowWebhook(post(body, "text/plain"))],
    ["an action", (body) => parseWorkflowAction(body)],
    ["a subscription", (body) => parseTriggerSubscription(body)],
    ["external auth", (body) => parseExternalAuth({ body })],
    ["a payment query", (body) => parsePaymentQuery(body)],
  ])("untrusted JSON that nests 6,000 levels is refused as %s with the package's error", async (_what, parse) => {
    await expect((async () => parse(within(DEEP)))()).rejects.toBeInstanceOf(MarketplaceError);
  });

  test("untrusted JSON that nests 6,000 levels within a field is not an object there", async () => {
    const webhook = await parseWorkflowWebhook(post(JSON.stringify({ customData: within(DEEP) }), "application/json"));
    expect(webhook.customData).toEqual({});
    expect(parseCheckoutMessage(within(DEEP))).toBeUndefined();
  });
});

describe("a form", () => {
  const form = (count: number) => Array.from({ length: count }, (_, i) => `n${i}=v`).join("&");
  const FORM = "application/x-www-form-urlencoded";

  test("a form has at most 2,000 fields", async () => {
    const { body } = await parseWorkflowWebhook(post(form(MAX_FIELDS), FORM));
    expect(body).toMatchObject({ kind: "form", fields: { n1999: ["v"] } });
    await expect(parseWorkflowWebhook(post(form(MAX_FIELDS + 1), FORM))).rejects.toThrow(
      "the form must have at most 2000 fields, got 2001",
    );
    expect(() => parseExternalAuth({ body: form(MAX_FIELDS + 1), contentType: FORM })).toThrow("at most 2000 fields");
  });
});
