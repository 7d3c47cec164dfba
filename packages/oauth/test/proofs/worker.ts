/** One process of a proof: makes API calls at once through a `TokenManager` on the shared store, and reports. */
import { createTokenManager, GhlOAuthError, type Resource } from "../../src/index.ts";
import { type ScaledClock, scaledRuntime } from "./clock.ts";
import { watchStalls } from "./stalls.ts";
import { openStore, type StoreSpec, type Trouble, troubled } from "./stores.ts";

export interface WorkerTask {
  readonly store: StoreSpec;
  readonly trouble: Trouble;
  readonly clock: ScaledClock;
  readonly baseUrl: string;
  readonly resources: readonly Resource[];
  readonly companyOf?: string | undefined;
  readonly calls: number;
  /** Real milliseconds over which the calls are spread. */
  readonly spreadMs: number;
  readonly oneByOne: boolean;
  /** Lead of this process's clock, milliseconds. */
  readonly skewMs: number;
}

export interface WorkerReport {
  readonly ok: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  /** Longest time for which the process stood still, real milliseconds. */
  readonly stalledMs: number;
}

async function run(task: WorkerTask): Promise<WorkerReport> {
  const runtime = scaledRuntime(task.clock);
  const manager = createTokenManager({
    clientId: "0123456789abcdef01234567-abcdefgh",
    clientSecret: "secret-of-the-app",
    baseUrl: task.baseUrl,
    store: troubled(openStore(task.store), task.trouble),
    companyOf: () => task.companyOf,
    ...runtime,
    now: () => runtime.now() + task.skewMs,
  });
  const stalls = watchStalls();
  const codes: Record<string, number> = {};
  let ok = 0;
  const call = async (index: number): Promise<void> => {
    const resource = task.resources[index % task.resources.length]!;
    try {
      let token = await manager.getAccessToken({ resource });
      let response = await fetch(`${task.baseUrl}/contacts`, { headers: { authorization: `Bearer ${token}` } });
      await response.arrayBuffer();
      if (response.status === 401) {
        token = await manager.getAccessToken({ resource, rejectedToken: token });
        response = await fetch(`${task.baseUrl}/contacts`, { headers: { authorization: `Bearer ${token}` } });
        await response.arrayBuffer();
      }
      if (response.ok) ok++;
      else codes[response.status] = (codes[response.status] ?? 0) + 1;
    } catch (error) {
      const code = error instanceof GhlOAuthError ? error.code : String(error);
      codes[code] = (codes[code] ?? 0) + 1;
    }
  };
  if (task.oneByOne) for (let index = 0; index < task.calls; index++) await call(index);
  else
    await Promise.all(
      Array.from({ length: task.calls }, async (_none, index) => {
        await new Promise((resolve) => setTimeout(resolve, (task.spreadMs * index) / task.calls));
        await call(index);
      }),
    );
  return { ok, failed: task.calls - ok, codes, stalledMs: stalls.end() };
}

process.once("message", (task) => {
  process.once("message", async () => {
    process.send!(await run(task as WorkerTask));
    process.disconnect();
  });
  process.send!("ready");
});
