import type { Proof, ProofResult } from "./run-proof.ts";

/** Claim that a proof has to show. */
export interface Claim {
  readonly proof: Proof;
  readonly rotations: number;
  /** The most token calls that are allowed; default: as many as rotations. */
  readonly maxTokenCalls?: number;
  readonly failed: number;
  /** Code that every failed call has. */
  readonly code?: string;
  readonly holdsNewest?: boolean;
  readonly mints?: number;
}

const SLOW_SUCCESS = { successDelayMs: 300, errorDelayMs: 10 };
const SLOW_STORE = { delayMs: [20, 200] as const };
const MINUTE_IN_5_S = 12;

const onEachStore = (make: (store: Proof["store"]) => Claim[]): Claim[] => (["file", "sqlite"] as const).flatMap(make);

/** The numbers of the package, as scenarios: docs/design/oauth.md shows what they gave. */
export const claims: readonly Claim[] = [
  ...onEachStore((store) =>
    [1, 2, 8].flatMap((processes): Claim[] => [
      { proof: { name: "access token expired", processes, store }, rotations: 1, failed: 0 },
      {
        proof: { name: "access token refused by the API", processes, store, token: "refused" },
        rotations: 1,
        failed: 0,
      },
    ]),
  ),
  ...onEachStore((store): Claim[] => [
    {
      proof: {
        name: "slow success (300 ms) beside fast error (10 ms)",
        processes: 8,
        store,
        mock: SLOW_SUCCESS,
        spreadMs: 300,
      },
      rotations: 1,
      failed: 0,
    },
    {
      proof: {
        name: "storage takes 20-200 ms",
        processes: 8,
        store,
        mock: SLOW_SUCCESS,
        trouble: SLOW_STORE,
        spreadMs: 300,
        token: "refused",
      },
      rotations: 1,
      failed: 0,
    },
    {
      proof: {
        name: "the write after the rotation fails once",
        processes: 8,
        store,
        trouble: { ...SLOW_STORE, failTokenWrite: 1 },
      },
      rotations: 1,
      failed: 0,
    },
  ]),
  {
    proof: {
      name: "answer lost once, grace 30 s",
      processes: 2,
      store: "file",
      mock: { graceMs: 30_000, loseAnswers: 1 },
    },
    rotations: 1,
    maxTokenCalls: 2,
    failed: 0,
  },
  {
    proof: {
      name: "answer lost three times, grace 30 s",
      processes: 2,
      store: "sqlite",
      speed: 2,
      mock: { graceMs: 30_000, loseAnswers: 3 },
    },
    rotations: 1,
    maxTokenCalls: 4,
    failed: 0,
  },
  {
    proof: {
      name: "answer delayed by 35 s, grace 30 s",
      processes: 2,
      store: "file",
      speed: 4,
      mock: { graceMs: 30_000, holdFirstMs: 35_000 },
    },
    rotations: 1,
    maxTokenCalls: 2,
    failed: 0,
  },
  ...([1, 3] as const).map(
    (loseAnswers): Claim => ({
      // The pair is gone without grace: the manager has to report that, and not to repeat the call.
      proof: {
        name: `answer lost ${loseAnswers === 1 ? "once" : "three times"}, no grace`,
        processes: 2,
        store: "file",
        mock: { graceMs: 0, loseAnswers },
      },
      rotations: 1,
      maxTokenCalls: 2,
      failed: 200,
      code: "ERR_GHL_REAUTH_REQUIRED",
      holdsNewest: false,
    }),
  ),
  ...(["expired", "due"] as const).map(
    (token): Claim => ({
      // The answer that comes late is the only copy of the new pair; the other attempts are refused.
      proof: {
        name: `answer delayed by 35 s, no grace, access token ${token === "due" ? "still good" : "expired"}`,
        processes: 2,
        store: "file",
        speed: 7,
        token,
        settleMs: 40_000,
        mock: { graceMs: 0, holdFirstMs: 35_000 },
      },
      rotations: 1,
      maxTokenCalls: 3,
      failed: token === "due" ? 0 : 200,
      ...(token === "due" ? {} : { code: "ERR_GHL_REAUTH_REQUIRED" }),
    }),
  ),
  {
    proof: {
      name: "dead refresh token, 20 calls one after another",
      processes: 1,
      store: "file",
      dead: true,
      calls: 20,
      oneByOne: true,
    },
    rotations: 0,
    maxTokenCalls: 1,
    failed: 20,
    code: "ERR_GHL_REAUTH_REQUIRED",
  },
  {
    proof: {
      name: "dead for good: confirmed a minute later",
      processes: 1,
      store: "file",
      dead: true,
      calls: 40,
      spreadMs: 6_500,
      speed: MINUTE_IN_5_S,
    },
    rotations: 0,
    maxTokenCalls: 2,
    failed: 40,
    code: "ERR_GHL_REAUTH_REQUIRED",
  },
  ...([-20_000, 20_000, 3_600_000] as const).map(
    (skewMs): Claim => ({
      proof: {
        name: `clocks differ by ${skewMs / 1_000} s, no grace, answers take 1 s`,
        processes: 4,
        store: "sqlite",
        skewMs,
        spreadMs: 1_500,
        mock: { graceMs: 0, successDelayMs: 1_000, errorDelayMs: 10 },
      },
      rotations: 1,
      failed: 0,
    }),
  ),
  {
    proof: {
      name: "clocks differ by 1.5 s, no grace, answers take 1 s",
      processes: 4,
      store: "file",
      skewMs: 1_500,
      spreadMs: 1_500,
      mock: { graceMs: 0, successDelayMs: 1_000, errorDelayMs: 10 },
    },
    rotations: 1,
    failed: 0,
  },
  ...onEachStore((store): Claim[] => [
    {
      proof: { name: "50 locations on an expired company token", processes: 1, store, locations: 50, calls: 50 },
      rotations: 1,
      failed: 0,
      mints: 50,
    },
    {
      proof: { name: "50 locations on an expired company token", processes: 4, store, locations: 50, calls: 50 },
      rotations: 1,
      failed: 0,
      mints: 50,
    },
  ]),
];

/** Lists where a result falls short of its claim; empty when the claim holds. */
export function shortcomings(claim: Claim, result: ProofResult): string[] {
  const { counts } = result;
  const findings: string[] = [];
  const demand = (holds: boolean, text: string): void => {
    if (!holds) findings.push(text);
  };
  demand(counts.rotations === claim.rotations, `${counts.rotations} rotations`);
  demand(counts.tokenCalls <= (claim.maxTokenCalls ?? claim.rotations), `${counts.tokenCalls} token calls`);
  demand(result.failed === claim.failed, `${result.failed} failed calls: ${JSON.stringify(result.codes)}`);
  if (claim.code) demand(result.codes[claim.code] === claim.failed, `codes ${JSON.stringify(result.codes)}`);
  demand(result.holdsNewest === (claim.holdsNewest ?? true), "the stored refresh token is not the newest");
  if (claim.mints !== undefined) demand(counts.mints === claim.mints, `${counts.mints} mints`);
  return findings;
}
