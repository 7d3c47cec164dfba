/**
 * Prints the numbers of docs/design/rate-limit.md: seven algorithms against five upstream windows on a virtual clock, then the ideal
 * case for real (`--skip-real` leaves that out). Deterministic but for the real part.
 */
import { availableParallelism } from "node:os";
import { simulateBottleneck } from "./bottleneck.ts";
import type { CreateContender } from "./contender.ts";
import { costPerCallUs } from "./cost.ts";
import { knownAlgorithms } from "./known-algorithms.ts";
import { runLoopback } from "./loopback.ts";
import { type Outcome, type Scenario, simulate } from "./scenario.ts";
import { slotLimiter } from "./slot-limiter.ts";
import { upstreams } from "./upstream.ts";

const SEEDS = [1, 2, 3];
const base = { limit: 100, intervalMs: 10_000, rttMs: [50, 400], durationMs: 1_800_000 } as const;

const contenders: Record<string, CreateContender | "bottleneck"> = {
  "slot limiter, every answer reported": slotLimiter("always"),
  "slot limiter, exceptions reported": slotLimiter("exceptions"),
  ...knownAlgorithms,
  "Bottleneck 2.19.5, reservoir": "bottleneck",
};

const percent = (share: number): string => (share * 100).toFixed(1);

/** Worst of the seeds: least utilisation, largest share of refusals. */
async function worst(contender: CreateContender | "bottleneck", scenario: Omit<Scenario, "seed">): Promise<string> {
  const outcomes: Outcome[] = [];
  for (const seed of SEEDS) {
    const run = { ...scenario, seed };
    outcomes.push(contender === "bottleneck" ? await simulateBottleneck(run) : simulate(run, contender));
  }
  const utilisation = Math.min(...outcomes.map((outcome) => outcome.utilisation));
  const refused = Math.max(...outcomes.map((outcome) => outcome.refusedShare));
  return `${percent(utilisation)} / ${refused === 0 ? "0" : percent(refused)}`;
}

async function table(title: string, extra: Partial<Scenario>): Promise<void> {
  const names = Object.keys(upstreams);
  console.log(`\n${title}\n\n| algorithm | ${names.join(" | ")} |\n|---|${names.map(() => "---|").join("")}`);
  for (const [name, contender] of Object.entries(contenders)) {
    const cells: string[] = [];
    for (const upstream of Object.values(upstreams))
      cells.push(await worst(contender, { ...base, ...extra, upstream }));
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}

console.log(
  `Utilisation of the limit in % (after the first minute) / share of calls refused with 429 in % (from the first call).
Saturated, 100 per 10 s, RTT 50–400 ms, 30 virtual minutes, worst of ${SEEDS.length} seeds. Node ${process.version}, ${availableParallelism()} cores.`,
);
await table("Alone:", {});
await table("Others spend 20 % of the limit, at random times, unknown to the limiter:", { externalShare: 0.2 });

console.log("\nReports per call where exceptions only are reported, one seed:\n");
for (const externalShare of [0, 0.2]) {
  const cells = Object.entries(upstreams).map(([name, upstream]) => {
    let reports = 0;
    const count = (): void => void reports++;
    const { sent } = simulate({ ...base, seed: SEEDS[0]!, upstream, externalShare }, slotLimiter("exceptions", count));
    return `${name} ${percent(reports / sent)} %`;
  });
  console.log(`- others spend ${percent(externalShare)} %: ${cells.join(", ")}`);
}

costPerCallUs(0); // compiled by then
console.log("\nCost of one call to the machine, 100 slots in use, 10 keys:\n");
for (const waiting of [0, 1_000]) console.log(`- ${waiting} waiting: ${costPerCallUs(waiting).toFixed(1)} µs`);

if (!process.argv.includes("--skip-real")) {
  console.log("\nFor real, against a server on loopback (100 per 10 s from the first call, answers after 20 ms):\n");
  console.log("| at once | answered | sent | 429 | seconds |\n|---|---|---|---|---|");
  for (const count of [300, 500]) {
    const { calls, answered, sent, refused, seconds } = await runLoopback(count);
    console.log(`| ${calls} | ${answered} | ${sent} | ${refused} | ${seconds.toFixed(2)} |`);
  }
}
