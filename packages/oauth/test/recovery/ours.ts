import { createMemoryTokenStore, createTokenManager } from "../../src/index.ts";
import { VirtualClock } from "../manager/virtual-clock.ts";
import type { Answer, Contestant, FakeHighLevel } from "./scenarios.ts";

function responseOf(answer: Answer): Response {
  if (answer === "reset") throw new TypeError("connection reset");
  const { status, body, headers } = answer;
  return new Response(body === "" ? null : body, { status, headers: { ...headers } });
}

/** A `TokenManager`, and a caller that does with a 401 what `@ghl-edge/client` does. */
export function createOurs(highLevel: FakeHighLevel): Contestant {
  const clock = new VirtualClock();
  const manager = createTokenManager({
    clientId: "0123456789abcdef01234567-abc",
    clientSecret: "secret-of-the-app",
    store: createMemoryTokenStore(),
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
    fetch: async (request) => {
      clock.activity++;
      const path = new URL(request.url).pathname;
      const authorization = request.headers.get("authorization") ?? undefined;
      return responseOf(highLevel.answer({ path, authorization, form: new URLSearchParams(await request.text()) }));
    },
  });
  const use = (token: string): boolean =>
    responseOf(
      highLevel.answer({ path: "/contacts/c1", authorization: `Bearer ${token}`, form: new URLSearchParams() }),
    ).ok;
  return {
    async storeTokens(id, tokens, leftMs) {
      const isCompany = id === "company";
      const expiresAtMs = clock.nowMs + leftMs;
      const grantFields = isCompany
        ? { userType: "Company" as const }
        : { userType: "Location" as const, locationId: id };
      await manager.storeTokens({
        ...tokens,
        ...grantFields,
        companyId: "company",
        tokenType: "Bearer",
        obtainedAtMs: expiresAtMs - 86_399_000,
        expiresAtMs,
        scopes: [],
        extra: {},
      });
    },
    async call(id) {
      const resource = { kind: "location", id } as const;
      try {
        const token = await clock.run(manager.getAccessToken({ resource }));
        if (use(token)) return true;
        const other = await clock.run(manager.getAccessToken({ resource, rejectedToken: token }));
        return other !== token && use(other);
      } catch {
        return false;
      }
    },
    async pass(ms) {
      clock.nowMs += ms;
    },
  };
}
