/** HighLevel's token endpoints on a virtual clock, without sockets. */
import {
  createMemoryTokenStore,
  createTokenManager,
  type RuntimeOptions,
  type TokenEvent,
  type TokenManager,
  type TokenManagerOptions,
  type TokenSet,
  type TokenStore,
} from "../../src/index.ts";
import { T0, VirtualClock } from "./virtual-clock.ts";

export { T0 };
export const LIFE_MS = 86_399_000;

export interface Call {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: Headers;
  readonly atMs: number;
}

export type Answer = Response | "lost" | "hang";

export interface World {
  readonly clock: VirtualClock;
  readonly calls: Call[];
  readonly events: TokenEvent[];
  readonly store: TokenStore;
  readonly manager: TokenManager;
  /** Another process on the same store. */
  another(options?: Partial<TokenManagerOptions>): TokenManager;
}

/** Tokens as `storeTokens` takes them; `ageMs`: their age. */
export function tokenSet(
  userType: "Company" | "Location",
  id: string,
  { ageMs = 0, ...change }: Partial<TokenSet> & { readonly ageMs?: number } = {},
): TokenSet {
  const obtainedAtMs = T0 - ageMs;
  return {
    accessToken: `access-${id}-0`,
    refreshToken: `refresh-${id}-0`,
    tokenType: "Bearer",
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + LIFE_MS,
    scopes: ["contacts.readonly"],
    userType,
    companyId: "company",
    ...(userType === "Location" ? { locationId: id } : {}),
    extra: {},
    ...change,
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

export const invalidGrant = (): Response =>
  json(400, { statusCode: 400, message: "Invalid grant: refresh token is invalid" });

/** Answers each token request with a new pair, each mint with a new token. */
export function wellBehaved(): (call: Call) => Answer {
  let serial = 0;
  return ({ path, form }) => {
    serial++;
    const location = form.get("locationId");
    return json(200, {
      access_token: `access-${location ?? "x"}-${serial}`,
      refresh_token: `refresh-${serial}`,
      token_type: "Bearer",
      expires_in: LIFE_MS / 1_000,
      userType: form.get("user_type") ?? (path.includes("ocation") ? "Location" : "Company"),
      companyId: "company",
      ...(location ? { locationId: location } : {}),
    });
  };
}

export function createWorld(
  answer: (call: Call, index: number) => Answer | Promise<Answer> = wellBehaved(),
  options: Partial<TokenManagerOptions> = {},
): World {
  const clock = new VirtualClock();
  const calls: Call[] = [];
  const events: TokenEvent[] = [];
  const store = options.store ?? createMemoryTokenStore();
  const fetch: NonNullable<RuntimeOptions["fetch"]> = async (request) => {
    const call = {
      path: new URL(request.url).pathname,
      form: new URLSearchParams(await request.text()),
      headers: request.headers,
      atMs: clock.nowMs,
    };
    calls.push(call);
    clock.activity++;
    const given = await answer(call, calls.length - 1);
    if (given === "hang") return new Promise(() => {});
    if (given === "lost") throw new TypeError("connection reset");
    return given;
  };
  const another = (change: Partial<TokenManagerOptions> = {}): TokenManager =>
    createTokenManager({
      clientId: "0123456789abcdef01234567-abc",
      clientSecret: "secret-of-the-app",
      store,
      fetch,
      now: clock.now,
      sleep: clock.sleep,
      random: () => 0.5,
      onEvent: (event) => events.push(event),
      ...options,
      ...change,
    });
  return { clock, calls, events, store, manager: another(), another };
}
