import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTokenManager, type GrantState, type Resource } from "../../src/index.ts";
import { migrateTokenStore } from "../../src/sql.ts";
import { type MockOptions, MockTokenServer } from "../mock/token-server.ts";
import { type ScaledClock, scaledRuntime } from "./clock.ts";
import { watchStalls } from "./stalls.ts";
import { openStore, type StoreSpec, sqliteDriver, type Trouble } from "./stores.ts";
import type { WorkerReport, WorkerTask } from "./worker.ts";

export interface Proof {
  readonly name: string;
  readonly processes: number;
  readonly store: StoreSpec["kind"];
  readonly mock?: MockOptions;
  readonly trouble?: Trouble;
  /** Factor by which the clock of all processes and of the mock is faster than the machine's. Default 1. */
  readonly speed?: number;
  /** Calls per process. */
  readonly calls?: number;
  readonly spreadMs?: number;
  readonly oneByOne?: boolean;
  /** The access token: its time is over, the API refuses it, or it is good and due for renewal. Default `expired`. */
  readonly token?: "expired" | "refused" | "due";
  /** Time of the proof's clock between the last call and the look at what is stored, milliseconds. */
  readonly settleMs?: number;
  /** The clock of each second process differs by this much from the others', milliseconds. Default 0. */
  readonly skewMs?: number;
  /** The refresh token is dead. */
  readonly dead?: boolean;
  /** Locations that are minted from the company. Default 0: calls go to the company. */
  readonly locations?: number;
}

export interface ProofResult {
  readonly ok: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly counts: MockTokenServer["counts"];
  readonly state: GrantState;
  /** The stored refresh token is the one that works. */
  readonly holdsNewest: boolean;
  readonly realMs: number;
  /** Longest time for which one of the processes stood still, real milliseconds. */
  readonly stalledMs: number;
}

const COMPANY: Resource = { kind: "company", id: "company" };

/** Makes a process start in a quarter of the time. */
const COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/proofs", import.meta.url));

async function startWorker(task: WorkerTask): Promise<{ go: () => Promise<WorkerReport> }> {
  const child = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), {
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const heard = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`a process of the proof ended with ${code}`)));
    });
  child.send(task);
  await heard();
  return {
    go: () => {
      const report = heard() as Promise<WorkerReport>;
      child.send("go");
      return report;
    },
  };
}

/** Runs one proof: real processes, one store, a mock of HighLevel over loopback. */
export async function runProof(proof: Proof): Promise<ProofResult> {
  const folder = await mkdtemp(join(tmpdir(), "ghl-oauth-"));
  const clock: ScaledClock = { originMs: Date.now(), speed: proof.speed ?? 1 };
  const runtime = scaledRuntime(clock);
  const mock = await new MockTokenServer({ ...proof.mock, now: runtime.now, sleep: runtime.sleep }).start();
  try {
    const store: StoreSpec = {
      kind: proof.store,
      path: proof.store === "file" ? folder : join(folder, "tokens.sqlite"),
      clock,
    };
    if (store.kind === "sqlite") await migrateTokenStore(sqliteDriver(store.path));
    const pair = mock.install("company", COMPANY.id);
    const manager = createTokenManager({
      clientId: "0123456789abcdef01234567-abcdefgh",
      clientSecret: "secret-of-the-app",
      baseUrl: mock.baseUrl,
      store: openStore(store),
      ...runtime,
    });
    const lifeMs = 86_399_000;
    const ageMs = { expired: lifeMs + 1_000, refused: 0, due: lifeMs * 0.85 }[proof.token ?? "expired"];
    const obtainedAtMs = runtime.now() - ageMs;
    await manager.storeTokens({
      ...pair,
      tokenType: "Bearer",
      obtainedAtMs,
      expiresAtMs: obtainedAtMs + lifeMs,
      scopes: [],
      userType: "Company",
      companyId: COMPANY.id,
      extra: {},
    });
    if (proof.token !== "due") mock.expireAccessTokens();
    if (proof.dead) mock.kill(COMPANY.id);

    const locations = Array.from(
      { length: proof.locations ?? 0 },
      (_none, index) => ({ kind: "location", id: `location${index}` }) as const,
    );
    const task: WorkerTask = {
      store,
      trouble: proof.trouble ?? {},
      clock,
      baseUrl: mock.baseUrl,
      resources: locations.length > 0 ? locations : [COMPANY],
      companyOf: COMPANY.id,
      calls: proof.calls ?? 100,
      spreadMs: proof.spreadMs ?? 0,
      oneByOne: proof.oneByOne ?? false,
      skewMs: 0,
    };
    const workers = await Promise.all(
      Array.from({ length: proof.processes }, (_none, index) =>
        startWorker({ ...task, skewMs: index % 2 === 1 ? (proof.skewMs ?? 0) : 0 }),
      ),
    );
    const startedAtMs = performance.now();
    const stalls = watchStalls();
    const reports = await Promise.all(workers.map((worker) => worker.go()));
    await runtime.sleep(proof.settleMs ?? 0);
    const stalledMs = Math.max(stalls.end(), ...reports.map((report) => report.stalledMs));
    const realMs = Math.round(performance.now() - startedAtMs);

    const key = `0123456789abcdef01234567:refreshable:company:${COMPANY.id}`;
    const record = (await openStore(store).load(key)) as unknown as {
      state: GrantState;
      tokens: { refreshToken: string };
    };
    const codes: Record<string, number> = {};
    for (const report of reports)
      for (const [code, times] of Object.entries(report.codes)) codes[code] = (codes[code] ?? 0) + times;
    return {
      ok: reports.reduce((sum, report) => sum + report.ok, 0),
      failed: reports.reduce((sum, report) => sum + report.failed, 0),
      codes,
      counts: { ...mock.counts },
      state: record.state,
      holdsNewest: record.tokens.refreshToken === mock.currentRefreshToken(COMPANY.id),
      realMs,
      stalledMs,
    };
  } finally {
    await mock.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
