import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EndpointDispatcher } from "../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { TokenGrant } from "../../src/objects/token-grant/token-grant.ts";
import { WebhookInbox } from "../../src/objects/webhook-inbox/webhook-inbox.ts";
import { upstream } from "../support/calls/gateway.ts";
import { addEndpoint, arrived, destination, removeEndpoint } from "../support/endpoints/endpoints.ts";
import { APP, CLIENT_ID, COMPANY } from "../support/setup/settings.ts";
import { appIdOf, keysOf, next, post } from "./webhook-posts.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a failure inside, under every policy by which HighLevel repeats", () => {
  type Part = "inbox" | "queue" | "dispatcher" | "directory" | "grant" | "answer";
  const broken = () => Promise.reject(new Error("broken"));

  /** Fails the n-th use of a part for each n of its list; the answer of a store is lost after it was stored. */
  function breakParts(plan: Readonly<Record<Part, readonly number[]>>): void {
    const failAt = (part: Part): (() => boolean) => {
      let n = 0;
      return () => plan[part].includes(n++);
    };
    const at = { inbox: failAt("inbox"), answer: failAt("answer") };
    const store = WebhookInbox.prototype.store;
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(async function (this: WebhookInbox, ...args) {
      if (at.inbox()) throw new Error("broken");
      const stored = await store.apply(this, args);
      if (at.answer()) throw new Error("broken");
      return stored;
    });
    const prototypes = [
      ["queue", Object.getPrototypeOf(env.OVERFLOW), "send"],
      ["dispatcher", EndpointDispatcher.prototype, "enqueue"],
      ["directory", Object.getPrototypeOf(env.DIRECTORY), "prepare"],
      ["grant", TokenGrant.prototype, "applyInstallEvent"],
    ] as const;
    for (const [part, prototype, name] of prototypes) {
      const fails = failAt(part);
      const methods = prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
      const original = methods[name]!;
      vi.spyOn(methods, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
        if (fails()) {
          if (name === "prepare") throw new Error("broken");
          return broken();
        }
        return original.apply(this, args);
      });
    }
  }

  const failures = fc.uniqueArray(fc.nat({ max: 14 }), { maxLength: 5 });
  const plan = fc.record({
    inbox: failures,
    queue: failures,
    dispatcher: failures,
    directory: failures,
    grant: failures,
    answer: failures,
  });

  it.each(["429-only", "any-failure"] as const)(
    "no answer is 5xx, no acknowledged event is lost, and none is stored twice under the policy %s",
    async (policy) => {
      await fc.assert(
        fc.asyncProperty(plan, async (parts) => {
          const location = next();
          const endpoint = await addEndpoint({ resources: [{ kind: "location", id: location }] });
          const fields = { locationId: location, companyId: COMPANY, appId: appIdOf(CLIENT_ID) };
          const events = ["AppInstall", "ContactCreate", "ContactUpdate", "InvoicePaid"];
          const letters = await upstream.letters(events.map((event) => ({ event, fields })));
          breakParts(parts);
          const statuses: number[] = [];
          await Promise.all(
            letters.map(async (letter) => {
              // Seven deliveries under the older policy, thirteen under the newer one.
              for (let tries = policy === "429-only" ? 7 : 13; tries > 0; tries--) {
                const { status } = await post(letter);
                statuses.push(status);
                if (status === 200 || (policy === "429-only" && status !== 429)) return;
              }
              throw new Error("given up");
            }),
          );
          expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
          // A failed delivery is tried again a second later, then two, four, eight and sixteen.
          const received = await arrived(endpoint, letters.length, 90_000);
          expect(await destination.count(endpoint)).toEqual({ count: letters.length, distinct: letters.length });
          expect(received).toHaveLength(letters.length);
          expect(await keysOf(location)).toHaveLength(letters.length);
          // Deliveries do not wait for the grant, which is informed again a second later.
          const isInformed = async (): Promise<void> => {
            const { derived } = await env.TOKEN_GRANT.getByName(`${APP}:location:${location}`).status();
            expect(derived?.installedAtMs).toBeDefined();
          };
          await vi.waitFor(isInformed, { timeout: 90_000, interval: 100 });
          vi.restoreAllMocks();
          await removeEndpoint(endpoint);
        }),
        { numRuns: 4, endOnFailure: true },
      );
    },
    400_000,
  );
});
