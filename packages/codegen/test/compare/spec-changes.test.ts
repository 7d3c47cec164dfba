import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { proposeBumps } from "../../src/compare/changeset/bump.ts";
import { ANY_PACKAGE } from "../../src/compare/changeset/packages.ts";
import { diffDocuments } from "../../src/compare/diff.ts";
import { classOf, KINDS, type Kind } from "../../src/compare/kinds.ts";
import type { DiffResult } from "../../src/compare/model.ts";
import { openSpecFiles } from "../../src/compare/read/files.ts";
import { readSpecDocuments } from "../../src/compare/read/read.ts";
import { checkTypes } from "../../src/compare/types/check.ts";

const FOLDER = fileURLToPath(new URL("../../../../../shared/spec-changes", import.meta.url));

/** A change as it was found by an independent comparison. */
interface Row {
  readonly severity: "breaking" | "additive";
  readonly kind: string;
  readonly op: string;
  readonly detail: string;
}

/** Their kinds in our words. */
const SAME: Readonly<Record<string, readonly Kind[]>> = {
  "op-added": ["operation-added"],
  "op-removed": ["operation-removed"],
  "param-added": ["parameter-added"],
  "param-removed": ["parameter-removed"],
  "param-now-required": ["parameter-now-required"],
  "param-enum-narrowed": ["enum-values-removed"],
  "req-field-added": ["property-added"],
  "req-required-field-added": ["property-added-required"],
  "req-now-required": ["property-now-required"],
  "req-now-optional": ["property-now-optional"],
  "req-enum-widened": ["enum-values-added"],
  "resp-field-added": ["property-added"],
  "resp-required-field-added": ["property-added-required"],
  "resp-field-removed": ["property-removed"],
  "resp-now-required": ["property-now-required"],
  "resp-enum-widened": ["enum-values-added"],
  "security-changed": ["security-changed", "scopes-changed"],
};

/** Ours flat: `kind | operation | path` → class on that side. */
function flatten({ findings }: DiffResult): Map<string, string> {
  return new Map(
    findings.flatMap(({ kind, reaches }) =>
      reaches.map(({ operation, side, path }) => [
        `${kind} | ${operation} | ${path}`,
        side === undefined ? KINDS[kind][0] : classOf(kind, side),
      ]),
    ),
  );
}

function positionOf({ kind, detail }: Row): string {
  if (kind.startsWith("op-") || kind === "security-changed") return "";
  if (kind.startsWith("param-")) {
    const name = detail.replace(/:.*/, "");
    return /^(query|header|path) /.test(name) ? name : `query ${name}`;
  }
  const position = detail.replace(/: -.*/, "").replace(/^(\d+) /, "$1");
  return kind.startsWith("req-") ? `body${position}` : position;
}

/** Compares a row of their list with our findings. */
function judge(row: Row, ours: ReadonlyMap<string, string>): string {
  const position = positionOf(row);
  for (const kind of SAME[row.kind] ?? []) {
    const found = ours.get(`${kind} | ${row.op} | ${position}`);
    if (found === row.severity) return "same";
    if (found !== undefined) return `${row.kind}: ${row.severity} there, ${found} here`;
  }
  const inside = /removed/.test(row.kind) ? ["property-removed"] : ["property-added", "property-added-required"];
  for (let end = position.length - 1; end > 0; end--) {
    if (!/[.[{]/.test(position[end] ?? "")) continue;
    for (const kind of inside) {
      const found = ours.get(`${kind} | ${row.op} | ${position.slice(0, end)}`);
      if (found !== undefined) {
        return found === row.severity
          ? "part of the finding for its object"
          : `${row.kind} in a new optional object: ${found} here`;
      }
    }
  }
  return `${row.kind} ${position}: not here`;
}

/** Our class of every row, by pair. What is not "same" has its reason in docs/design/spec-changes.md. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "02": {
    same: 53,
    "part of the finding for its object": 46,
    "req-required-field-added in a new optional object: additive here": 65,
  },
  "05": {
    same: 8,
    "param-removed header Authorization: not here": 3,
    "security-changed: breaking there, metadata here": 3,
  },
  "11": { same: 18 },
  "12": { same: 29, "part of the finding for its object": 12, "security-changed: breaking there, metadata here": 8 },
  "17": { same: 2 },
};

describe.skipIf(!existsSync(FOLDER))("five real changes of HighLevel's documents", () => {
  test.each(Object.keys(EXPECTED))("pair %s: every change is found and classed", async (name) => {
    const read = async (side: string) => readSpecDocuments(await openSpecFiles(join(FOLDER, name, side), "/"));
    const result = diffDocuments(await read("before"), await read("after"));
    const ours = flatten(result);
    const rows = JSON.parse(readFileSync(join(FOLDER, name, "changes.json"), "utf8")) as Row[];
    const counts: Record<string, number> = {};
    for (const row of rows) counts[judge(row, ours)] = (counts[judge(row, ours)] ?? 0) + 1;
    expect(counts).toEqual(EXPECTED[name]);

    const theirs = new Set(
      rows.flatMap((row) => (SAME[row.kind] ?? []).map((kind) => `${kind} | ${row.op} | ${positionOf(row)}`)),
    );
    const more = result.findings
      .filter(({ class: found }) => found !== "docs")
      .filter(({ kind, reaches }) =>
        reaches.some((reach) => !theirs.has(`${kind} | ${reach.operation} | ${reach.path}`)),
      )
      .map(({ class: found, kind }) => `${found} ${kind}`);
    expect(more).toEqual([]);
  });

  test.each(Object.keys(EXPECTED))(
    "pair %s: the release is a breaking one, and users' code says so too",
    async (name) => {
      const read = async (side: string) => readSpecDocuments(await openSpecFiles(join(FOLDER, name, side), "/"));
      const result = diffDocuments(await read("before"), await read("after"));
      const types = checkTypes(result.pairs);
      expect(types.length).toBeGreaterThan(0);
      expect(types.filter(({ kind }) => kind === "not-generated")).toEqual([]);
      expect(proposeBumps(result, types, ANY_PACKAGE).map(({ bump }) => bump)).toEqual(["minor", "major"]);
    },
    60_000,
  );
});
