import { type AccessTokenProvider, createClient, type RateLimiter } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { createEmulator, DEFAULT_APP, DEFAULT_COMPANY } from "@ghl-edge/emulator";
import { createMemoryTokenStore, createTokenManager, type RequestLimiter, type TokenManager } from "@ghl-edge/oauth";
import { createRateLimiter, type InProcessRateLimiter } from "@ghl-edge/rate-limit";
import { expect, expectTypeOf, test } from "vitest";

// The packages know nothing of each other: whether their shapes still fit shows here, to the compiler and in a call.

test("the shapes fit", () => {
  expectTypeOf<TokenManager>().toExtend<AccessTokenProvider>();
  expectTypeOf<InProcessRateLimiter>().toExtend<RateLimiter>();
  expectTypeOf<InProcessRateLimiter>().toExtend<RequestLimiter>();
});

test("a client works together with a token manager and a limiter", async () => {
  const emulator = createEmulator();
  const tokens = createTokenManager({ ...DEFAULT_APP, store: createMemoryTokenStore(), fetch: emulator.fetch });
  const limiter = createRateLimiter();
  const location = DEFAULT_COMPANY.locations[0]!.id;
  const page = tokens.client.authorizeUrl({
    redirectUri: "https://app.example/back",
    scopes: ["contacts.readonly"],
    state: "s",
  });
  const chosen = await emulator.fetch(new Request(`${page}&locationId=${location}`));
  await tokens.exchangeCode(new URL(chosen.headers.get("location") ?? "").searchParams.get("code") ?? "", {
    redirectUri: "https://app.example/back",
  });
  const client = createClient({ auth: tokens, rateLimiter: limiter, fetch: emulator.fetch });
  const { contact } = await client.location(location).use(Contacts).getContact({ contactId: "c1" });
  expect(contact?.locationId).toBe(location);
  expect(limiter.inspect({ resource: { kind: "location", id: location } })).toMatchObject({ burst: { open: 99 } });
});
