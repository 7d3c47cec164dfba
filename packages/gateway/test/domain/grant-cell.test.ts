import { AnswerError, fingerprint, type GrantState, type TokenSet } from "@ghl-edge/oauth";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GrantCell } from "../../src/objects/token-grant/grant-cell.ts";

const tenant = { app: "main", resource: { kind: "location", id: "L" } } as const;
const LIFE_MS = 86_399_000;

function tokens(number: number, change: Partial<TokenSet> = {}): TokenSet {
  const obtainedAtMs = Date.now();
  const pair = { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, tokenType: "Bearer" };
  const facts = { scopes: ["contacts.readonly"], userType: "Location", locationId: "L", companyId: "C" } as const;
  return { ...pair, ...facts, obtainedAtMs, expiresAtMs: obtainedAtMs + LIFE_MS, extra: {}, ...change };
}

/** A cell that holds an expired pair, and everything it did, in order. */
async function expiredCell(renew: (sent: TokenSet | undefined) => Promise<TokenSet>) {
  const done: string[] = [];
  const background: Promise<unknown>[] = [];
  const cell = new GrantCell({
    tenant,
    source: "refreshable",
    state: undefined,
    companyId: undefined,
    tokens: undefined,
    configurationId: "c1",
    prepare: async () => ({
      renew: (held) => {
        done.push(`sent ${held?.refreshToken}`);
        return renew(held);
      },
    }),
    seal: async (set) => JSON.stringify(set),
    store: (state: GrantState, secrets) =>
      void done.push(`stored ${state.status}${secrets == null ? "" : " with tokens"}`),
    waitUntil: (work) => void background.push(work),
    onNotice: ({ notice }) => void done.push(`notice ${notice}`),
  });
  const first = tokens(1);
  const { obtainedAtMs, expiresAtMs } = first;
  const token = { obtainedAtMs, expiresAtMs, tokenId: await fingerprint("refresh-1") };
  await cell.keep({ type: "exchanged", token, installedAtMs: obtainedAtMs }, first);
  vi.setSystemTime(Date.now() + LIFE_MS + 1);
  done.length = 0;
  return { cell, done, settle: () => Promise.allSettled(background) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a cell of a grant", () => {
  test("stores what it is about to do before it sends, and once for all that ask", async () => {
    const { cell, done } = await expiredCell(async () => tokens(2));
    await Promise.all([cell.run(), cell.run(), cell.run()]);
    expect(done).toEqual(["stored refreshing", "sent refresh-1", "stored active with tokens", "notice refreshed"]);
    expect([cell.tokens?.accessToken, cell.read().kind]).toEqual(["access-2", "usable"]);
  });

  test("keeps the refresh token it has where an answer brings none", async () => {
    const { refreshToken: _none, ...without } = tokens(2);
    const { cell } = await expiredCell(async () => without);
    await cell.run();
    expect(cell.tokens).toMatchObject({ accessToken: "access-2", refreshToken: "refresh-1" });
  });

  test("keeps an answer that comes after its time-out, though the token was sent again and refused meanwhile", async () => {
    let answer = (_set: TokenSet): void => {};
    const usedUp = { kind: "reauth_required", code: "ERR_GHL_INVALID_GRANT", ambiguous: false } as const;
    const attempts = [
      () => new Promise<TokenSet>((resolve) => (answer = resolve)),
      () => Promise.reject(new AnswerError(usedUp, { status: 400, endpoint: "POST /oauth/token" })),
    ];
    const { cell, done, settle } = await expiredCell(() => attempts.shift()!());
    const running = cell.run();
    await vi.advanceTimersByTimeAsync(6_000);
    await running;
    expect([cell.state.status, cell.state.intent?.leaseUntilMs]).toEqual(["refreshing", undefined]);
    await cell.run();
    expect(done.filter((what) => what.startsWith("sent"))).toEqual(["sent refresh-1", "sent refresh-1"]);
    expect(cell.state.intent?.invalidGrantAtMs).toBeDefined();
    answer(tokens(2));
    await settle();
    expect([cell.state.status, cell.tokens?.accessToken]).toEqual(["active", "access-2"]);
  });

  test.each([
    ["another location", { locationId: "OTHER" }],
    ["a company", { userType: "Company" }],
  ] as const)("never takes over the token of %s", async (_whose, change) => {
    const { cell, done } = await expiredCell(async () => tokens(2, change));
    await cell.run();
    expect(done.at(-1)).toBe("notice foreign_token");
    expect([cell.tokens?.accessToken, cell.read().kind]).toEqual(["access-1", "refused"]);
  });

  test("a defect is not taken for a bad connection, and the answer counts as lost all the same", async () => {
    const { cell } = await expiredCell(() => Promise.reject(new RangeError("defect")));
    await expect(cell.run()).rejects.toThrow("defect");
    expect(cell.state).toMatchObject({ status: "refreshing", intent: { ambiguousAnswers: 1 } });
  });

  test("an UNINSTALL while the token is sealed wins over the answer", async () => {
    const { cell } = await expiredCell(async () => {
      cell.apply({ type: "uninstalled", atMs: Date.now() });
      return tokens(2);
    });
    await cell.run();
    expect([cell.state.status, cell.tokens]).toEqual(["uninstalled", undefined]);
  });
});
