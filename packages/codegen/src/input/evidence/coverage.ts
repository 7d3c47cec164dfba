import { byCodeUnit, type JsonObject } from "../../json/json.ts";
import { operationsOf } from "../../json/walk.ts";
import { type Observation, SURENESS, type Sureness } from "./evidence.ts";
import { operationKey } from "./operations.ts";

/** One module of one generation. */
export interface CoveredDocument {
  readonly module: string;
  readonly document: JsonObject;
}

/** Number of observed operations of one module. */
export interface Coverage {
  readonly module: string;
  /** Operations of both generations; one that both have is one. */
  readonly operations: number;
  /** Operations with an answer that was seen, by the surest observation of each. */
  readonly answers: Readonly<Record<Sureness, number>>;
  /** Operations with a request that was seen to be taken or is sent. */
  readonly requests: number;
}

/** Returns the coverage of each module, by its name. */
export function coverageOf(
  documents: readonly CoveredDocument[],
  observations: ReadonlyMap<string, readonly Observation[]>,
): Coverage[] {
  const keys = new Map<string, Set<string>>();
  for (const { module, document } of documents) {
    const own = keys.get(module) ?? new Set();
    for (const { method, path } of operationsOf(document)) own.add(operationKey(`${method.toUpperCase()} ${path}`));
    keys.set(module, own);
  }
  return [...keys.keys()].sort(byCodeUnit).map((module) => {
    const own = keys.get(module) ?? new Set();
    const seen = (observations.get(module) ?? []).filter(({ operation }) => own.has(operationKey(operation)));
    return { module, operations: own.size, answers: surestAnswers(seen), requests: requestsIn(seen) };
  });
}

function surestAnswers(observations: readonly Observation[]): Record<Sureness, number> {
  const surest = new Map<string, Sureness>();
  for (const sureness of SURENESS.toReversed())
    for (const one of observations)
      if (one.answers !== undefined && one.sureness === sureness) surest.set(operationKey(one.operation), sureness);
  const counts = { recorded: 0, reported: 0, claimed: 0 };
  for (const sureness of surest.values()) counts[sureness] += 1;
  return counts;
}

function requestsIn(observations: readonly Observation[]): number {
  return new Set(
    observations.flatMap(({ operation, requests }) => (requests === undefined ? [] : [operationKey(operation)])),
  ).size;
}

/** Markdown: a row per module with evidence, the sums, and the names of the modules without. */
export function coverageTable(coverage: readonly Coverage[]): string {
  const isSeen = ({ answers, requests }: Coverage): boolean =>
    requests > 0 || SURENESS.some((sureness) => answers[sureness] > 0);
  const seen = coverage.filter(isSeen);
  const sum = (pick: (one: Coverage) => number): number => seen.reduce((total, one) => total + pick(one), 0);
  const cells = (name: string, pick: (read: (one: Coverage) => number) => number): string =>
    `| ${[name, pick(({ operations }) => operations), ...SURENESS.map((one) => pick(({ answers }) => answers[one])), pick(({ requests }) => requests)].join(" | ")} |`;
  const without = coverage.filter((one) => !isSeen(one));
  const operations = without.reduce((total, one) => total + one.operations, 0);
  return [
    `| module | operations | ${SURENESS.map((one) => `answers ${one}`).join(" | ")} | requests seen |`,
    "|---|---|---|---|---|---|",
    ...seen.map((one) => cells(one.module, (read) => read(one))),
    cells("all of these", sum),
    "",
    `No evidence (${without.length} module${without.length === 1 ? "" : "s"}, ${operations} operations): ${without.map(({ module }) => module).join(", ")}.`,
    "",
  ].join("\n");
}
