import { describe, expect, test } from "vitest";
import {
  AnswerError,
  type BillingPayment,
  type BillingTarget,
  ConfigurationError,
  createBillingReporter,
  SendError,
  targetsToResume,
} from "../../src/billing.ts";
import { accepted, answer, fakeFetch, fakeSleep, type Reply } from "../fake-fetch.ts";

const SECRET = "secret-of-the-app";
const TIMEOUT_MS = 7_777;
const payment: BillingPayment = { amount: 12, status: "COMPLETED", paymentType: "one_time", paymentId: "p1" };
const company: BillingTarget = { authType: "company", companyId: "c1" };
const location = (locationId: string): BillingTarget => ({ authType: "location", locationId });

function setUp(replies: readonly (Reply | (() => Reply))[], retry = {}) {
  const { fetch, calls } = fakeFetch(...replies);
  const { sleep, waits } = fakeSleep((ms) => ms === TIMEOUT_MS);
  const reporter = createBillingReporter({
    clientId: "app-1",
    clientSecret: SECRET,
    fetch,
    sleep,
    random: () => 1,
    timeoutMs: TIMEOUT_MS,
    retry,
  });
  return { reporter, calls, waits };
}

describe("one report", () => {
  test("a report is the documented request", async () => {
    const { reporter, calls } = setUp([accepted()]);
    await reporter.report(location("l1"), { ...payment, paymentType: "recurring", subscriptionId: "s1" });
    expect(calls).toHaveLength(1);
    const [call] = calls;
    expect(call).toMatchObject({
      url: "https://services.leadconnectorhq.com/oauth/billing/webhook",
      method: "POST",
      json: {
        clientId: "app-1",
        authType: "location",
        locationId: "l1",
        subscriptionId: "s1",
        paymentId: "p1",
        amount: 12,
        status: "COMPLETED",
        paymentType: "recurring",
      },
    });
    expect(call!.headers.get("x-ghl-client-key")).toBe("app-1");
    expect(call!.headers.get("x-ghl-client-secret")).toBe(SECRET);
    expect(call!.headers.get("content-type")).toBe("application/json");
  });

  test("a report of a company names no location", async () => {
    const { reporter, calls } = setUp([accepted()]);
    await reporter.report(company, payment);
    expect(calls[0]!.json).toMatchObject({ authType: "company", companyId: "c1" });
    expect(calls[0]!.json).not.toHaveProperty("locationId");
  });

  test("a report is retried after 429, and not before Retry-After", async () => {
    const { reporter, calls, waits } = setUp([answer(429, { "retry-after": "3" }), accepted()]);
    await reporter.report(company, payment);
    expect(calls).toHaveLength(2);
    expect(waits).toEqual([3_000]);
  });

  test("a report is not retried when Retry-After is too long", async () => {
    const { reporter, calls } = setUp([answer(429, { "retry-after": "3600" })]);
    await expect(reporter.report(company, payment)).rejects.toMatchObject({
      code: "ERR_GHL_MARKETPLACE_RATE_LIMITED",
      ambiguous: false,
      retryAfterMs: 3_600_000,
    });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ["a lost connection", new TypeError(`fetch failed for ${SECRET}`), "ERR_GHL_MARKETPLACE_NETWORK"],
    ["a server error", answer(502), "ERR_GHL_MARKETPLACE_SERVER"],
  ])("a report is not retried after %s, because HighLevel may have recorded it", async (_name, reply, code) => {
    const { reporter, calls } = setUp([reply]);
    await expect(reporter.report(company, payment)).rejects.toMatchObject({ code, ambiguous: true });
    expect(calls).toHaveLength(1);
  });

  test("a report is retried after an unknown outcome with repeatUnknown", async () => {
    const { reporter, calls, waits } = setUp([answer(502), new Error("lost"), accepted()], { repeatUnknown: true });
    await reporter.report(company, payment);
    expect(calls).toHaveLength(3);
    expect(waits).toEqual([500, 1_000]);
  });

  test("a report with an unknown outcome stays unknown when its retry is refused", async () => {
    const { reporter, calls } = setUp([answer(502), answer(400)], { repeatUnknown: true });
    await expect(reporter.report(company, payment)).rejects.toMatchObject({ status: 502, ambiguous: true });
    expect(calls).toHaveLength(2);
  });

  test("a report ends after maxAttempts", async () => {
    const { reporter, calls } = setUp([answer(429)], { maxAttempts: 3 });
    await expect(reporter.report(company, payment)).rejects.toBeInstanceOf(AnswerError);
    expect(calls).toHaveLength(3);
  });

  test("a report follows no redirect", async () => {
    const { reporter, calls } = setUp([answer(302, { location: "https://elsewhere.example" })]);
    await expect(reporter.report(company, payment)).rejects.toMatchObject({
      code: "ERR_GHL_MARKETPLACE_REDIRECT",
      ambiguous: true,
    });
    expect(calls).toMatchObject([{ redirect: "manual" }]);
  });

  test("a report fails without the secret in the error", async () => {
    for (const reply of [new Error(SECRET), answer(401, {}, JSON.stringify({ message: SECRET, traceId: "t1" }))]) {
      const { reporter } = setUp([reply]);
      const error = await reporter.report(company, payment).catch((caught: SendError) => caught);
      expect(error).toBeInstanceOf(SendError);
      const { message, stack, cause, ...rest } = error as SendError;
      expect(JSON.stringify([message, stack, cause, rest])).not.toContain(SECRET);
    }
  });

  test.each([[{ amount: Number.NaN }], [{ amount: -1 }], [{ status: "DONE" }], [{ paymentType: "monthly" }]])(
    "a report with %o is never sent",
    async (wrong) => {
      const { reporter, calls } = setUp([accepted()]);
      const wrongPayment = { ...payment, ...wrong } as BillingPayment;
      await expect(reporter.report(company, wrongPayment)).rejects.toBeInstanceOf(ConfigurationError);
      expect(calls).toHaveLength(0);
    },
  );

  test("a report ends with the reason of its signal", async () => {
    const stop = new AbortController();
    const { reporter } = setUp([
      () => {
        stop.abort(new Error("enough"));
        return "never";
      },
    ]);
    await expect(reporter.report(company, payment, { signal: stop.signal })).rejects.toThrow("enough");
  });
});

test("a report with an unknown outcome is ambiguous, however its retries end", async () => {
  const stop = new AbortController();
  const { reporter } = setUp(
    [
      answer(502),
      () => {
        stop.abort();
        return "never";
      },
    ],
    { repeatUnknown: true },
  );
  await expect(reporter.report(company, payment, { signal: stop.signal })).rejects.toMatchObject({ status: 502 });
});

describe("a report for each of several", () => {
  const targets = [company, location("l1"), location("l2"), location("l1"), location("l3")];

  test("a report for several targets sends one request per target, each target once", async () => {
    const { reporter, calls } = setUp([accepted()]);
    const results = await reporter.reportAll(targets, (target) => ({
      ...payment,
      amount: target.authType === "company" ? 100 : 10,
    }));
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill("accepted"));
    expect(calls.map(({ json }) => json)).toMatchObject([
      { companyId: "c1", amount: 100 },
      { locationId: "l1", amount: 10 },
      { locationId: "l2" },
      { locationId: "l3" },
    ]);
  });

  test("a report for several targets continues after a refusal and an unknown outcome, and can be resumed", async () => {
    const { reporter } = setUp([accepted(), answer(422), new Error("lost"), accepted()]);
    const results = await reporter.reportAll(targets, payment);
    expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "refused", "unknown", "accepted"]);
    expect(targetsToResume(results)).toEqual([location("l1")]);
    expect(targetsToResume(results, { unknown: true })).toEqual([location("l1"), location("l2")]);
  });

  test("a report for several targets ends when the credentials are refused", async () => {
    const { reporter, calls } = setUp([accepted(), answer(401)]);
    const results = await reporter.reportAll(targets, payment);
    expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "refused", "not-sent", "not-sent"]);
    expect(calls).toHaveLength(2);
    expect(targetsToResume(results)).toHaveLength(3);
  });

  test("a report for several targets ends when the signal aborts: the report in flight is unknown, the rest is not sent", async () => {
    const stop = new AbortController();
    const { reporter } = setUp([
      accepted(),
      () => {
        stop.abort();
        return "never";
      },
    ]);
    const results = await reporter.reportAll(targets, payment, { signal: stop.signal });
    expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "unknown", "not-sent", "not-sent"]);
  });

  test("a report for several targets reports each result before it sends the next", async () => {
    const { reporter, calls } = setUp([accepted()]);
    const sentBefore: number[] = [];
    await reporter.reportAll(targets, payment, { onResult: () => sentBefore.push(calls.length) });
    expect(sentBefore).toEqual([1, 2, 3, 4]);
  });

  test("a report for several targets with one invalid payment sends nothing", async () => {
    const { reporter, calls } = setUp([accepted()]);
    const wrong = (target: BillingTarget) => ({ ...payment, amount: target.authType === "company" ? 1 : Number.NaN });
    await expect(reporter.reportAll(targets, wrong)).rejects.toBeInstanceOf(ConfigurationError);
    expect(calls).toHaveLength(0);
  });
});

test.each([
  { clientId: "" },
  { clientSecret: "" },
  { clientKey: "" },
  { baseUrl: "http://elsewhere.example" },
  { baseUrl: "nowhere" },
  { timeoutMs: 0 },
  { retry: { maxAttempts: 0 } },
  { retry: { maxDelayMs: -1 } },
])("%o is refused at construction", (wrong) => {
  expect(() => createBillingReporter({ clientId: "app-1", clientSecret: SECRET, ...wrong })).toThrow(
    ConfigurationError,
  );
});
