import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Observation, Sureness } from "../../src/input/evidence/evidence.ts";
import { type ShapePaths, shapeFromPaths } from "../../src/input/evidence/shape/shape.ts";
import { COUNTED_FOLDER } from "./repository.ts";

interface Row {
  readonly module: string;
  readonly answers: number;
  readonly status: readonly number[];
  readonly query: readonly string[];
  readonly paths: ShapePaths;
  readonly request: ShapePaths;
  readonly sources?: readonly string[];
  readonly requestSources?: readonly string[];
  readonly requestSenders?: number;
}

/** The counted observations beside this repository, which not every machine has. */
export const HAS_COUNTED_OBSERVATIONS: boolean = existsSync(join(COUNTED_FOLDER, "observed.json"));

/** The observations of both files, by module, in the order in which `openapi/evidence` holds them. */
export function observationsByModule(): Map<string, Observation[]> {
  const modules = new Map<string, Observation[]>();
  for (const file of ["observed.json", "observed-more.json"]) {
    const rows = JSON.parse(readFileSync(join(COUNTED_FOLDER, file), "utf8")) as Record<string, Row>;
    for (const [operation, row] of Object.entries(rows)) {
      const list = modules.get(row.module) ?? [];
      list.push(...observationsOf(operation, row));
      modules.set(row.module, list);
    }
  }
  for (const list of modules.values())
    list.sort((a, b) => (a.operation < b.operation ? -1 : a.operation > b.operation ? 1 : 0));
  return modules;
}

const RECORDING = "recorded exchanges with the live API";

/** Returns two observations of a row: its answers and its requests come from different people. */
function observationsOf(operation: string, row: Row): Observation[] {
  const answers =
    Object.keys(row.paths).length > 0 ? { count: row.answers, shape: shapeFromPaths(row.paths) } : undefined;
  const senders = row.requestSenders ?? row.answers;
  const requests =
    Object.keys(row.request).length > 0 ? { count: senders, shape: shapeFromPaths(row.request) } : undefined;
  const { status, query } = row;
  if (row.sources === undefined) {
    const sources = [RECORDING];
    return [
      {
        operation,
        sources,
        sureness: "recorded",
        date: "2026-07-17",
        version: "2021-07-28",
        status,
        query,
        answers,
        requests,
      },
    ];
  }
  const version = "2021-07-28";
  const found: Observation[] = [];
  if (answers !== undefined) {
    found.push({
      operation,
      sources: row.sources,
      sureness: surenessOf(row.sources),
      date: datesOf(row.sources),
      version,
      status,
      query,
      answers,
      requests: undefined,
    });
  }
  if (requests !== undefined) {
    const sureness = senders > 1 ? "reported" : "claimed";
    found.push({
      operation,
      sources: row.requestSources ?? [],
      sureness,
      date: undefined,
      version,
      status: [],
      query: [],
      answers: undefined,
      requests,
    });
  }
  return found;
}

/** A row mixes what all its sources saw, so it is as sure as its least sure one, unless others agree. */
function surenessOf(sources: readonly string[]): Sureness {
  if (sources.every((source) => /\(recorded/.test(source))) return "recorded";
  return sources.length > 1 || sources.some((source) => /inferred from live records/.test(source))
    ? "reported"
    : "claimed";
}

function datesOf(sources: readonly string[]): string | undefined {
  const dates = new Set(sources.flatMap((source) => source.match(/\b20\d\d(?:-[\d./]+)?\b(?!-0[47])/g) ?? []));
  dates.delete("2021-07-28");
  return dates.size === 0 ? undefined : [...dates].join(", ");
}
