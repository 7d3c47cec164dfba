import { describe, expect, it } from "vitest";
import { type DedupeStore, memoryDedupe } from "../../src/index.ts";
import { now } from "../support.ts";
import { answer, contact, deferred, post, recording } from "./delivery.ts";

describe("a handler with a dedupe store", () => {
  it("a handler with a store handles a redelivery once and reports it as a duplicate", async () => {
    const { ran, handler } = recording({ dedupe: memoryDedupe({ now }) });
    const bodies = [];
    for (let attempt = 0; attempt < 3; attempt++)
      bodies.push((await answer(await handler(await contact({ id: "a" })))).body);
    expect(ran).toEqual(["event ContactCreate", "ContactCreate a"]);
    expect(bodies.slice(1)).toEqual(Array(2).fill({ received: true, handled: false, reason: "duplicate" }));
  });

  it("a handler with a store runs a failed event again", async () => {
    let calls = 0;
    const { handler } = recording({
      dedupe: memoryDedupe({ now }),
      on: { ContactCreate: () => (++calls === 1 ? Promise.reject(new Error("once")) : undefined) },
    });
    const statuses = [(await handler(await contact())).status, (await handler(await contact())).status];
    expect([statuses, calls]).toEqual([[500, 200], 2]);
  });

  it("a handler with a dedupe store asks for a redelivery while the same event is running, so that its failure loses nothing", async () => {
    const gate = deferred();
    const started = deferred();
    const { handler } = recording({
      dedupe: memoryDedupe({ now }),
      on: {
        ContactCreate: () => {
          started.resolve();
          return gate.promise;
        },
      },
    });
    const first = handler(await contact());
    await started.promise;
    const second = await handler(await contact());
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "30"]);
    gate.reject(new Error("late"));
    expect((await first).status).toBe(500);
  });

  it("a handler with a store never calls the store for an unverified delivery", async () => {
    const calls: string[] = [];
    const store: DedupeStore = {
      begin: (key) => {
        calls.push(key);
        return "new";
      },
      done: () => undefined,
      failed: () => undefined,
    };
    const { handler } = recording({ dedupe: store });
    await handler(post("{}"));
    expect(calls).toEqual([]);
  });

  it("a handler with a store fails closed when the store cannot begin", async () => {
    const store: DedupeStore = { begin: () => Promise.reject(new Error("down")), done: () => {}, failed: () => {} };
    const { ran, handler } = recording({ dedupe: store });
    expect((await handler(await contact())).status).toBe(500);
    expect(ran).toEqual([]);
  });

  it("a handler with a dedupe store does not ask for a redelivery when only the store fails after the work", async () => {
    const down = () => Promise.reject(new Error("down"));
    const { ran, errors, handler } = recording({ dedupe: { begin: () => "new", done: down, failed: down } });
    expect((await handler(await contact())).status).toBe(200);
    expect([ran.length, errors.length]).toEqual([2, 1]);
    const broken = recording({ dedupe: { begin: () => "new", done: down, failed: down }, onEvent: down });
    expect((await broken.handler(await contact())).status).toBe(500);
    expect(broken.errors).toHaveLength(2);
  });
});
