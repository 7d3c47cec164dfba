/**
 * Faults that HighLevel's token endpoint has shown, or that a proxy in front of it may cause, and whether a client recovers.
 * Any client can be put through it that knows how to make one call: bench/sections/recovery.ts puts the official SDK beside ours.
 */

/** An answer of a server, or a connection that breaks. */
export type Answer =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | "reset";

export interface SentRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

const says = (status: number, message: unknown) => ({ status, body: JSON.stringify({ statusCode: status, message }) });
const page = (status: number) => ({ status, body: `<!doctype html><title>${status}</title>` });

/** Each is answered once in place of a refresh, which is not carried out. */
export const ODD_ANSWERS: readonly Answer[] = [
  says(400, "Something went wrong"),
  { status: 400, body: "" },
  says(400, "Missing parameter: clientId"),
  { status: 401, body: JSON.stringify({ error: "invalid_client" }) },
  { status: 401, body: "" },
  page(403),
  says(403, "Forbidden resource"),
  says(404, "Cannot POST /oauth/token"),
  page(404),
  page(405),
  says(405, "Method Not Allowed"),
  { status: 408, body: "" },
  says(422, ["userType must be a string"]),
  { ...says(429, "Too Many Requests"), headers: { "retry-after": "2" } },
  { status: 302, body: "", headers: { location: "https://elsewhere.test/login" } },
  { status: 307, body: "", headers: { location: "https://elsewhere.test/oauth/token" } },
  says(500, "Internal Server Error"),
  page(502),
  page(503),
  page(200),
  "reset",
];

const COMPANY = "company";
const LIFE_S = 86_399;
const MINUTE_MS = 60_000;

const unauthorized = says(401, "Invalid token: access token is invalid");
const invalidGrant = says(400, "Invalid grant: refresh token is invalid");

/** HighLevel's token endpoints and one API call, without sockets and without time. */
export class FakeHighLevel {
  /** Answered in place of the next refreshes. */
  readonly odd: Answer[] = [];
  tokenCalls = 0;
  mints = 0;
  readonly #access = new Map<string, string>();
  readonly #refresh = new Map<string, string>();
  #serial = 0;

  /** Tokens of a new installation. */
  install(id: string): { accessToken: string; refreshToken: string } {
    const accessToken = `access-${id}-${++this.#serial}`;
    const refreshToken = `refresh-${id}-${this.#serial}`;
    this.#access.set(accessToken, id);
    this.#refresh.set(refreshToken, id);
    return { accessToken, refreshToken };
  }

  /** Ends all access tokens of an installation before their time. */
  revoke(id: string): void {
    for (const [token, owner] of this.#access) if (owner === id) this.#access.delete(token);
  }

  /** Ends everything of an installation: nothing but a new one, or a mint, helps. */
  kill(id: string): void {
    this.revoke(id);
    for (const [token, owner] of this.#refresh) if (owner === id) this.#refresh.delete(token);
  }

  answer({ path, authorization, form }: SentRequest): Answer {
    const caller = this.#access.get(authorization?.replace("Bearer ", "") ?? "");
    if (path === "/oauth/token") return this.#token(form);
    if (/^\/oauth\/location-?token$/i.test(path)) {
      if (caller !== COMPANY) return unauthorized;
      this.mints++;
      return this.#tokens(form.get("locationId") ?? "");
    }
    return caller === undefined ? unauthorized : { status: 200, body: '{"contact":{}}' };
  }

  #token(form: URLSearchParams): Answer {
    this.tokenCalls++;
    const odd = this.odd.shift();
    if (odd !== undefined) return odd;
    const sent = form.get("refresh_token") ?? "";
    const id = this.#refresh.get(sent);
    if (id === undefined) return invalidGrant;
    this.#refresh.delete(sent);
    return this.#tokens(id);
  }

  #tokens(id: string): Answer {
    const { accessToken, refreshToken } = this.install(id);
    const userType = id === COMPANY ? "Company" : "Location";
    const location = id === COMPANY ? {} : { locationId: id };
    const pair = { access_token: accessToken, refresh_token: refreshToken, token_type: "Bearer", expires_in: LIFE_S };
    return {
      status: 200,
      body: JSON.stringify({ ...pair, userType, companyId: COMPANY, ...location, scope: "contacts.readonly" }),
      headers: { "content-type": "application/json" },
    };
  }
}

/** A client under test, with a clock of its own that runs only in `pass`. */
export interface Contestant {
  /** Stores an installation whose access token has `leftMs` to live. */
  storeTokens(id: string, tokens: { accessToken: string; refreshToken: string }, leftMs: number): Promise<void>;
  /** Makes one call for a location; whether it succeeded. */
  call(locationId: string): Promise<boolean>;
  pass(ms: number): Promise<void>;
}

export type MakeContestant = (highLevel: FakeHighLevel) => Contestant;

/** Number of recovered locations, of all locations, and of calls that failed meanwhile. */
export interface Recovery {
  readonly recovered: number;
  readonly failedCalls: number;
  readonly of: number;
}

/** Calls once a minute until a call succeeds, for an hour and six minutes: the longest wait of our machine. */
async function callUntilWell(contestant: Contestant, id: string): Promise<{ ok: boolean; failed: number }> {
  for (let failed = 0; failed < 66; failed++) {
    if (await contestant.call(id)) return { ok: true, failed };
    await contestant.pass(MINUTE_MS);
  }
  return { ok: false, failed: 66 };
}

const sum = (runs: readonly { ok: boolean; failed: number }[]): Recovery => ({
  recovered: runs.filter(({ ok }) => ok).length,
  failedCalls: runs.reduce((total, { failed }) => total + failed, 0),
  of: runs.length,
});

/** An access token that is over, and an odd answer to its refresh: once each. */
export async function recoverFromOddAnswers(make: MakeContestant): Promise<Recovery> {
  const runs: { ok: boolean; failed: number }[] = [];
  for (const odd of ODD_ANSWERS) {
    const highLevel = new FakeHighLevel();
    const contestant = make(highLevel);
    const tokens = highLevel.install("l1");
    highLevel.revoke("l1");
    await contestant.storeTokens("l1", tokens, -1_000);
    highLevel.odd.push(odd);
    runs.push(await callUntilWell(contestant, "l1"));
  }
  return sum(runs);
}

/** HighLevel ends the access token five times within a day, `everyMs` apart. */
export async function recoverFromRevocations(make: MakeContestant, everyMs: number): Promise<Recovery> {
  const highLevel = new FakeHighLevel();
  const contestant = make(highLevel);
  await contestant.storeTokens("l1", highLevel.install("l1"), LIFE_S * 1_000);
  const runs: { ok: boolean; failed: number }[] = [];
  for (let round = 0; round < 5; round++) {
    await contestant.pass(everyMs);
    highLevel.revoke("l1");
    runs.push(await callUntilWell(contestant, "l1"));
  }
  return sum(runs);
}

/** 50 locations whose own grant is dead, beside a company's that is good. */
export async function recoverFromDeadGrants(make: MakeContestant): Promise<Recovery> {
  const highLevel = new FakeHighLevel();
  const contestant = make(highLevel);
  await contestant.storeTokens(COMPANY, highLevel.install(COMPANY), LIFE_S * 1_000);
  const runs: { ok: boolean; failed: number }[] = [];
  for (let index = 0; index < 50; index++) {
    const id = `l${index}`;
    await contestant.storeTokens(id, highLevel.install(id), -1_000);
    highLevel.kill(id);
    runs.push(await callUntilWell(contestant, id));
  }
  return sum(runs);
}

const HOUR_MS = 60 * MINUTE_MS;

export const scenarios: readonly {
  readonly what: string;
  readonly run: (make: MakeContestant) => Promise<Recovery>;
}[] = [
  { what: "21 odd answers of the token endpoint, once each", run: recoverFromOddAnswers },
  {
    what: "5 revocations of an access token within a day",
    run: (make) => recoverFromRevocations(make, 3 * HOUR_MS),
  },
  { what: "5 revocations, a minute after each recovery", run: (make) => recoverFromRevocations(make, MINUTE_MS) },
  { what: "50 dead grants beside a company's", run: recoverFromDeadGrants },
];
