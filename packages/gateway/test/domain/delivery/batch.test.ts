import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchBreakerEvent, batchOutcomes, isBodyRefused, toBatches } from "../../../src/domain/delivery/batch.ts";
import type { Outcome } from "../../../src/domain/delivery/delivery-outcome.ts";
import { sendInHalves } from "../../../src/objects/endpoint-dispatcher/send-in-halves.ts";

const sized = (bytes: number, headers: Record<string, string> = {}) => ({ headers, body: new Uint8Array(bytes) });
const status = (code: number): Outcome =>
  code < 300 ? { kind: "delivered", status: code } : { kind: "failed", status: code, code: null };

describe("the deliveries of a request", () => {
  test("batches are within the limits, have every delivery once, and keep the order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.boolean())),
        fc.integer({ min: 1, max: 10 }),
        (sizes, events) => {
          const all = sizes.map(([bytes, isRaw]) => sized(bytes, isRaw ? { "x-ghl-signature": "s" } : {}));
          const batches = toBatches(all, { events, bytes: 100 });
          expect(batches.flat()).toEqual(all);
          for (const batch of batches) {
            expect(batch.length).toBeLessThanOrEqual(events);
            const bytes = batch.reduce((sum, { body }) => sum + body.byteLength, 0);
            if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(100);
            if (batch.length > 1) expect(batch.every(({ headers }) => Object.keys(headers).length === 0)).toBe(true);
          }
        },
      ),
    );
  });

  test("a delivery above the limit is sent alone", () => {
    const lengths = toBatches([sized(1), sized(200), sized(1)], { events: 10, bytes: 100 }).map(({ length }) => length);
    expect(lengths).toEqual([1, 1, 1]);
  });
});

describe("the response to a batch", () => {
  const kinds = (answer: unknown) => batchOutcomes(["a", "b", "c"], 200, answer).map(({ kind }) => kind);

  test.each([undefined, null, "ok", {}, { received: true }, { failed: null }, { failed: "a" }, { failed: [] }])(
    "%j accepts all events",
    (answer) => {
      expect(kinds(answer)).toEqual(["delivered", "delivered", "delivered"]);
    },
  );

  test("the events that it names fail alone, each with its own delay", () => {
    expect(batchOutcomes(["a", "b", "c"], 202, { failed: [{ id: "c" }, { id: "a", retryAfterMs: 9 }] })).toEqual([
      { kind: "failed", status: 202, code: "ERR_GHL_GATEWAY_DESTINATION_EVENT_FAILED", retryAfterMs: 9 },
      { kind: "delivered", status: 202 },
      { kind: "failed", status: 202, code: "ERR_GHL_GATEWAY_DESTINATION_EVENT_FAILED", retryAfterMs: undefined },
    ]);
  });

  test.each([
    [{ failed: [{ id: "d" }] }],
    [{ failed: ["a"] }],
    [{ failed: [{ id: 1 }] }],
    [{ failed: [null] }],
    [{ failed: [{ id: "a" }, {}] }],
  ])("%j accepts no event, because it is unknown which failed", (answer) => {
    expect(kinds(answer)).toEqual(["failed", "failed", "failed"]);
  });

  test.each([-1, Number.NaN, "5", null])("a delay of %s is ignored", (retryAfterMs) => {
    expect(batchOutcomes(["a"], 200, { failed: [{ id: "a", retryAfterMs }] })).toMatchObject([
      { kind: "failed", retryAfterMs: undefined },
    ]);
  });

  test("a batch counts once for the breaker, and a delivered event shows that the endpoint works", () => {
    expect(batchBreakerEvent([status(400), status(200)]).type).toBe("succeeded");
    expect(batchBreakerEvent([status(400), status(500)]).type).toBe("failed");
    expect(batchBreakerEvent([status(400), status(422)]).type).toBe("refused");
  });
});

describe("a batch whose body is refused", () => {
  /** Sends numbers to an endpoint that refuses each body with a bad one in it. */
  async function send(bad: readonly number[], count: number, refusal = 400) {
    const requests: number[][] = [];
    const all = Array.from({ length: count }, (_, index) => index);
    const outcomes = await sendInHalves(all, async (part) => {
      requests.push([...part]);
      return part.map(() => status(part.some((one) => bad.includes(one)) ? refusal : 200));
    });
    return { requests, failed: all.filter((index) => outcomes[index]!.kind !== "delivered") };
  }

  test("one bad event does not take the others with it", async () => {
    const { requests, failed } = await send([42], 100);
    expect(failed).toEqual([42]);
    expect(requests.length).toBeLessThanOrEqual(16);
  });

  test("exactly the bad events fail, wherever they are, and the order stays", async () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 1, max: 100 }), async (bad, count) => {
        const { requests, failed } = await send(bad, count);
        expect(failed).toEqual(bad.filter((index) => index < count).sort((one, other) => one - other));
        expect(requests.length).toBeLessThanOrEqual(2 * count - 1);
        const accepted = requests.filter((part) => !part.some((one) => bad.includes(one))).flat();
        expect(accepted).toEqual([...accepted].sort((one, other) => one - other));
      }),
    );
  });

  test.each([401, 403, 404, 405, 408, 410, 429, 500, 302])("a batch that gets %i is not divided", async (refusal) => {
    expect((await send([1], 10, refusal)).requests).toHaveLength(1);
    expect(isBodyRefused(status(refusal))).toBe(false);
  });

  test("dividing ends when the endpoint fails, and the events that are left keep their refusal", async () => {
    const outcomes = await sendInHalves([1, 2, 3, 4], async (part) =>
      part.map(() => status(part.length === 4 ? 413 : 500)),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual([500, 500, 413, 413]);
  });
});
