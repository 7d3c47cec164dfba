import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Observation, Sureness } from "../../src/input/evidence/evidence.ts";
import { type ShapePaths, shapeFromPaths } from "../../src/input/evidence/shape/shape.ts";
import { COUNTED_FOLDER } from "./repository.ts";

interface Row {
  readonly payloads: number;
  readonly captured: number;
  readonly claimed: number;
  readonly sources: readonly string[];
  readonly paths: ShapePaths;
}

const FILE = join(COUNTED_FOLDER, "observed-events.json");

/** The counted deliveries beside this repository, which not every machine has. */
export const HAS_COUNTED_EVENTS: boolean = existsSync(FILE);

/** One observation per event, as `openapi/evidence/events.json` holds them. */
export function observationsOfEvents(): Observation[] {
  const rows = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Row>;
  return Object.entries(rows).map(([event, row]) => ({
    operation: `POST /${event}`,
    sources: row.sources.map(sourceText),
    sureness: surenessOf(row),
    date: [...new Set(row.sources.map((source) => /, ([\d-]+)\)$/.exec(source)?.[1] ?? ""))].join(", "),
    version: undefined,
    status: [],
    answers: undefined,
    requests: { count: row.payloads, shape: shapeFromPaths(withoutEmpty(row.paths)) },
    query: [],
  }));
}

/** A row mixes what all its sources saw, so it is as sure as its least sure one, unless captures agree with it. */
function surenessOf({ captured, claimed }: Row): Sureness {
  if (captured === 0) return "claimed";
  return claimed === 0 ? "recorded" : "reported";
}

/** Without the numbers of an index that nobody else has, and without the date, which stands beside. */
function sourceText(source: string): string {
  return source
    .replace(/ \[\) /, " [")
    .replace(/\[\(?file-index ids? [\d, ]+; /, "[")
    .replace(/; file-index ids? [\d, ]+\]/, "]");
}

/** Removes empty values. The collected values distinguish them from others; the format of evidence does not. */
function withoutEmpty(paths: ShapePaths): ShapePaths {
  return Object.fromEntries(
    Object.entries(paths).map(([path, kinds]) => {
      const counts: Record<string, number> = {};
      for (const [kind, times] of Object.entries(kinds)) {
        const plain = kind.replace("(empty)", "");
        counts[plain] = (counts[plain] ?? 0) + times;
      }
      return [path, counts];
    }),
  );
}
