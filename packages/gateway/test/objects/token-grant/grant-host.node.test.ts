import { AnswerError, fingerprint, GrantHost, newGrant, type TokenSet } from "@ghl-edge/oauth";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ObjectRecordStore } from "../../../src/objects/token-grant/grants/object-record-store.ts";

const LIFETIME_MS = 86_399_000;

function tokens(number: number, change: Partial<TokenSet> = {}): TokenSet {
  const obtainedAtMs = Date.now();
  const pair = { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, tokenType: "Bearer" };
  const subject = { scopes: ["contacts.readonly"], userType: "Location", locationId: "L", companyId: "C" } as const;
  return { ...pair, ...subject, obtainedAtMs, expiresAtMs: obtainedAtMs + LIFETIME_MS, extra: {}, ...change };
}

/** A grant whose pair has expired, and everything its host did, in order. */
async function expiredGrant(renew: (sent: TokenSet | undefined) => Promise<TokenSet>) {
  const done: string[] = [];
  const background: Promise<unknown>[] = [];
  const store = new ObjectRecordStore({
    record: { kind: "grant", epoch: 0, state: newGrant("refreshable") },
    configurationId: "c1",
    seal: async (set) => JSON.stringify(set),
    commit: (state, secrets) => void done.push(`stored ${state.status}${secrets == null ? "" : " with tokens"}`),
    onStored: ({ effects }) => {
      for (const effect of effects) if (effect.type === "notify") done.push(`notice ${effect.notice}`);
    },
  });
  const host = new GrantHost({
    store,
    renewal: "refreshable",
    resource: { kind: "location", id: "L" },
    configurationId: () => "c1",
    prepare: () => ({
      renew: (stored) => {
        done.push(`sent ${stored?.refreshToken}`);
        return renew(stored);
      },
    }),
    waitUntil: (work) => void background.push(work),
    onTokenOfAnotherResource: () => void done.push("token of another resource"),
  });
  const first = tokens(1);
  const { obtainedAtMs, expiresAtMs } = first;
  const token = { obtainedAtMs, expiresAtMs, tokenId: await fingerprint("refresh-1") };
  await store.save({ type: "exchanged", token, installedAtMs: obtainedAtMs }, first);
  vi.setSystemTime(Date.now() + LIFETIME_MS + 1);
  done.length = 0;
  return { store, host, done, settle: () => Promise.allSettled(background) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a grant host on the record of an object", () => {
  test("a grant host on the record of an object stores what it is about to do before it sends, and once for all callers", async () => {
    const { store, host, done } = await expiredGrant(async () => tokens(2));
    await Promise.all([host.run(), host.run(), host.run()]);
    expect(done).toEqual(["stored refreshing", "sent refresh-1", "stored active with tokens", "notice refreshed"]);
    expect([store.tokens?.accessToken, store.read().kind]).toEqual(["access-2", "usable"]);
  });

  test("a grant host keeps the refresh token it has where an answer brings none", async () => {
    const { refreshToken: _none, ...without } = tokens(2);
    const { store, host } = await expiredGrant(async () => without);
    await host.run();
    expect(store.tokens).toMatchObject({ accessToken: "access-2", refreshToken: "refresh-1" });
  });

  test("a grant host keeps an answer that comes after its time-out, although the token was sent again and refused meanwhile", async () => {
    let answer = (_set: TokenSet): void => {};
    const usedUp = { kind: "reauth_required", code: "ERR_GHL_INVALID_GRANT", ambiguous: false } as const;
    const attempts = [
      () => new Promise<TokenSet>((resolve) => (answer = resolve)),
      () => Promise.reject(new AnswerError(usedUp, { status: 400, endpoint: "POST /oauth/token" })),
    ];
    const { store, host, done, settle } = await expiredGrant(() => attempts.shift()!());
    const running = host.run();
    await vi.advanceTimersByTimeAsync(6_000);
    await running;
    expect([store.state.status, store.state.intent?.leaseUntilMs]).toEqual(["refreshing", undefined]);
    await host.run();
    expect(done.filter((what) => what.startsWith("sent"))).toEqual(["sent refresh-1", "sent refresh-1"]);
    expect(store.state.intent?.invalidGrantAtMs).toBeDefined();
    answer(tokens(2));
    await settle();
    expect([store.state.status, store.tokens?.accessToken]).toEqual(["active", "access-2"]);
  });

  test.each([
    ["another location", { locationId: "OTHER" }],
    ["a company", { userType: "Company" }],
  ] as const)("a grant host never takes over the token of %s", async (_whose, change) => {
    const { store, host, done } = await expiredGrant(async () => tokens(2, change));
    await host.run();
    expect(done.at(-1)).toBe("token of another resource");
    expect([store.tokens?.accessToken, store.read().kind]).toEqual(["access-1", "refused"]);
  });

  test("a defect is not taken for a bad connection, and the answer counts as lost all the same", async () => {
    const { store, host } = await expiredGrant(() => Promise.reject(new RangeError("defect")));
    await expect(host.run()).rejects.toThrow("defect");
    expect(store.state).toMatchObject({ status: "refreshing", intent: { ambiguousAnswers: 1 } });
  });

  test("an UNINSTALL while the token is sealed wins over the answer", async () => {
    const { store, host } = await expiredGrant(async () => {
      store.apply({ type: "uninstalled", atMs: Date.now() });
      return tokens(2);
    });
    await host.run();
    expect([store.state.status, store.tokens]).toEqual(["uninstalled", undefined]);
  });

  test("an event after the commit ends the attempt before its request is sent", async () => {
    const { store, host, done } = await expiredGrant(async () => tokens(2));
    const { apply } = store;
    vi.spyOn(store, "apply").mockImplementation((event) => {
      const step = apply.call(store, event);
      if (event.type === "tick") apply.call(store, { type: "uninstalled", atMs: Date.now() });
      return step;
    });
    await host.run();
    expect(done).toEqual(["stored refreshing", "stored uninstalled", "notice uninstalled"]);
    expect(store.tokens).toBeUndefined();
  });
});
