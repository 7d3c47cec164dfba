import type { GrantState } from "@ghl-edge/oauth";

const KEY = "token_use";
/** Calls that are further apart are not regular. Tokens have a lifetime of 24 h, so a location that is called daily has a call within it. */
const REGULAR_MS = 48 * 3_600_000;
/** Number of tokens in a row that calls have asked for, from which on the next one is minted ahead. */
const REGULAR_TOKENS = 2;

interface Use {
  /** Number of tokens in a row that calls have asked for. */
  readonly tokens: number;
  /** When the last of them was obtained. */
  readonly obtainedAtMs: number;
  readonly askedAtMs: number;
}

type Token = GrantState["current"];

/**
 * Records which derived tokens calls have asked for. A location that is called regularly gets its next token before the old one expires.
 * Otherwise all locations that are called at the same hour would mint in that hour, one company's limit after the other.
 */
export class TokenUse {
  readonly #kv: SyncKvStorage;
  #known: { readonly use: Use | undefined } | undefined;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  /** Notes that a call has asked for the token. It writes once for each token, and returns whether it did. */
  note(token: Token, nowMs: number): boolean {
    const before = this.#use;
    if (token === undefined || before?.obtainedAtMs === token.obtainedAtMs) return false;
    const isRegular = before !== undefined && nowMs - before.askedAtMs < REGULAR_MS;
    this.#write({ tokens: isRegular ? before.tokens + 1 : 1, obtainedAtMs: token.obtainedAtMs, askedAtMs: nowMs });
    return true;
  }

  /** Whether the next token is minted ahead: calls have asked for this one, and for the one before. */
  isRegular(token: Token): boolean {
    const use = this.#use;
    return use !== undefined && use.tokens >= REGULAR_TOKENS && use.obtainedAtMs === token?.obtainedAtMs;
  }

  /** Waits for new calls before another token is minted ahead. */
  restart(): void {
    const use = this.#use;
    if (use !== undefined) this.#write({ ...use, tokens: 0 });
  }

  get #use(): Use | undefined {
    this.#known ??= { use: this.#kv.get<Use>(KEY) };
    return this.#known.use;
  }

  #write(use: Use): void {
    this.#kv.put<Use>(KEY, use);
    this.#known = { use };
  }
}
