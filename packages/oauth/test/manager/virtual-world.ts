/** A clock that runs only when nothing else does, and HighLevel's token endpoints on it, without sockets. */
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

export const T0 = 1_800_000_000_000;
export const LIFE_MS = 86_399_000;

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/** Time stands still until nothing has happened for this many turns. */
const QUIET_TURNS = 6;

/** Hashing is the one thing here that runs on other threads: counted, so that time waits for it however long it takes. */
const hashing = { running: 0 };
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = async (...values) => {
  hashing.running++;
  try {
    return await digest(...values);
  } finally {
    hashing.running--;
  }
};

export class VirtualClock {
  nowMs = T0;
  /** Grows with everything that happens. */
  activity = 0;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.nowMs;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer: Timer = { atMs: this.nowMs + ms, fire: resolve };
      this.#timers.add(timer);
      this.activity++;
      signal?.addEventListener("abort", () => {
        this.#timers.delete(timer);
        this.activity++;
        reject(signal.reason);
      });
    });

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    work.then(
      () => {
        done = true;
      },
      () => {
        done = true;
      },
    );
    for (let quiet = 0, seen = this.activity; !done; ) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      quiet = seen === this.activity && hashing.running === 0 ? quiet + 1 : 0;
      seen = this.activity;
      if (quiet < QUIET_TURNS || done) continue;
      quiet = 0;
      const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
      if (!next) continue;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.fire();
    }
    return work;
  }
}

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

/** Tokens as `keepTokens` takes them; `ageMs` is how old they are. */
export function tokenSet(
  userType: "Company" | "Location",
  id: string,
  ageMs = 0,
  change: Partial<TokenSet> = {},
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
      userType: path.includes("ocation") ? "Location" : "Company",
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
