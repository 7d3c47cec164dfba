import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOCATION } from "../support.ts";
import { APP, type Json, listening } from "./listening.ts";

describe("delivery", () => {
  test("first attempts keep the order of the changes, whatever the endpoint takes for each", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }), async (turns) => {
        const seen: unknown[] = [];
        const { call, emulator } = listening([APP], {
          fetch: async (request) => {
            const { city } = (await request.json()) as Json;
            for (let turn = turns[seen.length % turns.length]!; turn > 0; turn--) await Promise.resolve();
            seen.push(city);
            return new Response();
          },
        });
        const cities = turns.map((_turn, index) => `city ${index}`);
        for (const city of cities) await call("POST", "/contacts/", { body: { locationId: LOCATION, city } });
        await emulator.webhooks.settled();
        expect(seen).toEqual(cities);
      }),
      { numRuns: 20 },
    );
  });

  test("a failed event is repeated with the same bytes, and does not hold back the next one", async () => {
    const bodies: string[] = [];
    const waits: (() => void)[] = [];
    const { call, emulator } = listening([APP], {
      sleep: () => new Promise((resolve) => waits.push(resolve)),
      fetch: async (request) => {
        bodies.push(await request.text());
        return new Response(null, { status: bodies.length === 1 ? 500 : 200 });
      },
    });
    await call("POST", "/contacts/", { body: { locationId: LOCATION, city: "one" } });
    await call("POST", "/contacts/", { body: { locationId: LOCATION, city: "two" } });
    await expect.poll(() => bodies.length).toBe(2);
    expect(bodies.map((body) => (JSON.parse(body) as Json).city)).toEqual(["one", "two"]);
    expect(emulator.webhooks.pending()).toBe(1);
    waits[0]!();
    await emulator.webhooks.settled();
    expect(bodies[2]).toBe(bodies[0]);
    expect(emulator.webhooks.sent.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [1, 200],
      [2, 200],
    ]);
  });

  test("a delivery that waits for a retry can be cancelled", async () => {
    const { call, emulator } = listening([APP], {
      sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
      fetch: async () => new Response(null, { status: 500 }),
    });
    await call("POST", "/contacts/", { body: { locationId: LOCATION } });
    await expect.poll(() => emulator.webhooks.sent.length).toBe(1);
    emulator.webhooks.cancelPending();
    await emulator.webhooks.settled();
    expect(emulator.webhooks.sent).toHaveLength(1);
  });

  test("the policy is an option", async () => {
    const { call, emulator } = listening([APP], {
      webhooks: { retry: "429-only", speed: 1_000_000 },
      fetch: async () => new Response(null, { status: 500 }),
    });
    await call("POST", "/contacts/", { body: { locationId: LOCATION } });
    await emulator.webhooks.settled();
    expect(emulator.webhooks.sent).toHaveLength(1);
  });
});
