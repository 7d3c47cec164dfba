import { describe, expect, test } from "vitest";
import { parseBillingRedirect } from "../../src/billing.ts";
import { parseExternalAuth } from "../../src/external-auth.ts";
import { idList, parametersOfQuery } from "../../src/http/parameters.ts";
import { createPaymentQueryHandler, parseCheckoutMessage, parsePaymentQuery } from "../../src/payments.ts";
import { decryptUserContext } from "../../src/user-context.ts";
import { fieldsOfLists, listsOf } from "../../src/workflows/fields.ts";
import {
  createWorkflowAuth,
  parseTriggerSubscription,
  parseWorkflowAction,
  parseWorkflowWebhook,
} from "../../src/workflows.ts";
import { growth, isLinear } from "../growth.ts";

const URL_ = "https://you.example/";
const FORM = "application/x-www-form-urlencoded";

const post = (body: string, type = "application/json"): Request =>
  new Request(URL_, { method: "POST", body, headers: { "content-type": type } });
/** Runs a parser. A refusal takes time too, and counts. */
const either = (work: () => unknown) => async (): Promise<void> => {
  try {
    await work();
  } catch {
    // The parser refused the input.
  }
};

const names = (count: number): string => Array.from({ length: count }, (_, i) => `n${i}=v`).join("&");
const members = (count: number, name = "n"): string =>
  `{${Array.from({ length: count }, (_, i) => `"${name}${i}":"v"`).join(",")}}`;
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const ids = (count: number): string => Array.from({ length: count }, (_, i) => `id${i}`).join(",");
const auth = createWorkflowAuth({ kind: "basic", users: [{ username: "u", password: "secret" }] });
const payments = createPaymentQueryHandler({ apiKeys: { live: "k" }, verify: () => ({ status: "pending" }) });

/** Name, parser, small size, and a function that creates an input of a size. */
const parsers: [string, number, (size: number) => () => unknown][] = [
  // The public functions refuse more than 2,000 fields. The functions that read fields must be linear without that limit too.
  ["the names of a form", 2_000, (n) => () => fieldsOfLists(listsOf(new URLSearchParams(names(n))))],
  ["the parameters of a form", 2_000, (n) => () => parametersOfQuery(new URLSearchParams(names(n)), ["locationId"])],
  ["a list of ids", 2_000, (n) => () => idList([ids(n), `[${ids(n)}`, '"'.repeat(n)])],
  ["a form of a workflow's webhook", 2_000, (n) => () => parseWorkflowWebhook(post(names(n), FORM))],
  [
    "a form of a workflow's webhook with one name",
    2_000,
    (n) => () => parseWorkflowWebhook(post("a=1&".repeat(n), FORM)),
  ],
  ["the query of a workflow's webhook", 2_000, (n) => () => parseWorkflowWebhook(new Request(`${URL_}?${names(n)}`))],
  ["JSON of a workflow's webhook", 2_000, (n) => () => parseWorkflowWebhook(post(members(n)))],
  ["JSON of a workflow's webhook in dots", 2_000, (n) => () => parseWorkflowWebhook(post(members(n, "customData.n")))],
  ["JSON text within JSON", 2_000, (n) => () => parseWorkflowWebhook(post(JSON.stringify({ customData: members(n) })))],
  ["nested lists", 2_000, (n) => () => parseWorkflowWebhook(post(nested(n)))],
  ["an action", 2_000, (n) => () => parseWorkflowAction(`{"data":${members(n)},"extras":${members(n)}}`)],
  ["an action's branches", 2_000, (n) => () => parseWorkflowAction(`{"branches":[${'{"id":"a"},'.repeat(n)}1]}`)],
  ["a subscription", 2_000, (n) => () => parseTriggerSubscription(`{"triggerData":${members(n)}}`)],
  [
    "a subscription's target",
    2_000,
    (n) => () =>
      parseTriggerSubscription({ triggerData: { eventType: "CREATED", targetUrl: `${URL_}${"a/".repeat(n)}!` } }),
  ],
  ["a form of external auth", 2_000, (n) => () => parseExternalAuth({ body: names(n), contentType: FORM })],
  ["JSON of external auth", 2_000, (n) => () => parseExternalAuth({ body: members(n) })],
  ["a list of external auth", 2_000, (n) => () => parseExternalAuth({ body: JSON.stringify({ locationId: ids(n) }) })],
  [
    "brackets of external auth",
    2_000,
    (n) => () => parseExternalAuth({ body: `${"[1".repeat(n)}=1`, contentType: FORM }),
  ],
  ["spaces of external auth", 2_000, (n) => () => parseExternalAuth({ body: `{"locationId":"${" \\n".repeat(n)}x"}` })],
  [
    "quotes of external auth",
    2_000,
    (n) => () => parseExternalAuth({ body: JSON.stringify({ locationId: `[${'"'.repeat(n)}` }) }),
  ],
  [
    "a billing redirect",
    2_000,
    (n) => () => parseBillingRedirect(`${URL_}?clientId=c&installType=location&locationId=${ids(n)}`),
  ],
  ["a billing redirect of many names", 2_000, (n) => () => parseBillingRedirect(`${URL_}?${names(n)}`)],
  ["a payment query", 2_000, (n) => () => parsePaymentQuery(members(n))],
  [
    "an amount",
    4_000,
    (n) => () => parsePaymentQuery({ type: "refund", transactionId: "t", amount: `${"1".repeat(n)}.` }),
  ],
  ["a payment query with its key", 2_000, (n) => () => payments(post(members(n)))],
  ["a checkout message", 2_000, (n) => () => parseCheckoutMessage(members(n))],
  ["a user context", 2_000, (n) => () => decryptUserContext("A".repeat(n), { sharedSecret: "s" })],
  [
    "credentials",
    2_000,
    (n) => () => auth({ headers: new Headers({ authorization: `Basic ${"a  ".repeat(n)}b` }), url: URL_ }),
  ],
  ["credentials in a URL", 2_000, (n) => () => auth({ headers: new Headers(), url: `/?${names(n)}` })],
];

describe("the time of a parser grows linearly with the size of untrusted input:", () => {
  test.each(parsers)(
    "the time of a parser grows linearly with the size of its input: %s",
    async (_what, size, parse) => {
      const ratio = await growth(
        (n) => either(parse(n)),
        (work) => work(),
        size,
      );
      expect(isLinear(ratio), `16 times the size took ${ratio.toFixed(1)} times as long`).toBe(true);
    },
  );
});
