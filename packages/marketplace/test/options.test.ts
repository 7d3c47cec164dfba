import { describe, expect, test } from "vitest";
import { createBillingReporter } from "../src/billing.ts";
import { createExternalAuthHandler } from "../src/external-auth.ts";
import { ConfigurationError } from "../src/index.ts";
import {
  connectCheckout,
  createPaymentEventSender,
  createPaymentProviderClient,
  createPaymentQueryHandler,
} from "../src/payments.ts";
import { requestUserContext } from "../src/user-context.ts";
import { createInboundWebhookSender, createTriggerSender, parseWorkflowWebhook } from "../src/workflows.ts";
import { accepted, fakeFetch } from "./fake-fetch.ts";

const credentials = { clientId: "app-1", clientSecret: "s" };
const makers: Record<string, (options: object) => unknown> = {
  billing: (options) => createBillingReporter({ ...credentials, ...options }),
  events: (options) => createPaymentEventSender(options),
  provider: (options) => createPaymentProviderClient({ accessToken: "t", ...options }),
  inbound: (options) => createInboundWebhookSender(options),
  trigger: (options) => createTriggerSender({ accessToken: "t", ...options }),
  externalAuth: (options) => createExternalAuthHandler({ verify: () => true, ...options }),
  payments: (options) =>
    createPaymentQueryHandler({ apiKeys: { live: "k" }, verify: () => ({ status: "pending" }), ...options }),
  checkout: (options) => connectCheckout(options),
};
const notNumbers = [Number.NaN, -1, Infinity, "5", null, {}];
const notPositive = [...notNumbers, 0];
const cases: [maker: string, option: string, values: readonly unknown[]][] = [
  ...["billing", "events", "provider", "inbound", "trigger", "checkout"].map(
    (maker): [string, string, readonly unknown[]] => [maker, "timeoutMs", notPositive],
  ),
  ["checkout", "readyEveryMs", notPositive],
  ["externalAuth", "maxBodyBytes", notPositive],
  ["payments", "maxBodyBytes", notPositive],
  ...["billing", "events", "inbound", "trigger"].flatMap((maker): [string, string, readonly unknown[]][] => [
    [maker, "retry.maxAttempts", [...notPositive, 1.5]],
    [maker, "retry.maxDelayMs", notNumbers],
    [maker, "retry.repeatUnknown", ["false", 0, 1]],
  ]),
];

describe("an invalid option is refused at construction by name", () => {
  test.each(cases)("an invalid option is refused at construction by name: %s of %s", (maker, option, values) => {
    const [group, name] = option.split(".") as [string, string?];
    for (const value of values) {
      const options = name === undefined ? { [group]: value } : { [group]: { [name]: value } };
      // JSON turns an absent number into null, which means the default.
      if (value === null && name !== undefined) continue;
      const make = () => makers[maker]!(options);
      expect(make, String(value)).toThrow(ConfigurationError);
      expect(make).toThrow(`${option} must be `);
    }
  });

  test("an invalid option is refused in a call too: the time for a user context, the size of a webhook", async () => {
    const parent = { postMessage: () => undefined };
    const page = { parent, addEventListener: () => undefined, removeEventListener: () => undefined };
    for (const value of notPositive.filter((each) => each !== null) as number[]) {
      await expect(requestUserContext({ window: page, timeoutMs: value })).rejects.toThrow(ConfigurationError);
      const request = new Request("https://you.example/", { method: "POST", body: "{}" });
      await expect(parseWorkflowWebhook(request, { maxBodyBytes: value })).rejects.toThrow(ConfigurationError);
    }
  });
});

describe("a header that cannot be sent", () => {
  const unsendable = ["", "a\nb", "a\r\nx: y", "\u{1f600}", 5, {}];

  test.each([
    ["billing", "clientKey"],
    ["billing", "clientSecret"],
    ["billing", "clientId"],
    ["provider", "accessToken"],
    ["provider", "version"],
    ["trigger", "accessToken"],
    ["trigger", "version"],
  ])("%s: %s is refused at construction, and is not quoted", (maker, option) => {
    for (const value of unsendable) {
      const make = () => makers[maker]!({ [option]: value });
      expect(make, JSON.stringify(value)).toThrow(ConfigurationError);
      expect(make).toThrow(`${option} must be a non-empty string that is valid in a header`);
    }
  });

  test.each([...unsendable, null, undefined])("a token provider that answers %j sends nothing", async (value) => {
    const { fetch, calls } = fakeFetch(accepted());
    const accessToken = async () => value as string;
    await expect(createPaymentProviderClient({ accessToken, fetch }).get("l1")).rejects.toThrow(ConfigurationError);
    const target = "https://services.leadconnectorhq.com/workflows-marketplace/triggers/execute/a/b";
    await expect(createTriggerSender({ accessToken, fetch }).fire(target, {})).rejects.toThrow(ConfigurationError);
    expect(calls).toHaveLength(0);
  });
});

test.each([201, 204])("a provider call answered %i without a record gives undefined", async (status) => {
  const { fetch } = fakeFetch(() => new Response(null, { status }));
  const client = createPaymentProviderClient({ accessToken: "t", fetch });
  expect(await client.get("l1")).toBeUndefined();
  expect(await client.connect("l1", { live: { apiKey: "a", publishableKey: "p" } })).toBeUndefined();
  expect(await client.disconnect("l1", "live")).toBeUndefined();
});
