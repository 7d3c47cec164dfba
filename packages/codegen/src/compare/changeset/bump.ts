import type { ChangeClass } from "../change-class.ts";
import { type DiffResult, type Finding, worst } from "../model.ts";
import type { TypeBreak } from "../types/check.ts";

export type BumpKind = "major" | "minor" | "patch" | "none";

/** A package that is generated from the documents. */
export interface Package {
  readonly name: string;
  /** The published version. */
  readonly version: string;
  /** The part of the documents that the package is generated from. */
  readonly follows: "operations" | "events";
  /** Whether its types are the user's: then code that no longer compiles is a breaking change. */
  readonly typed: boolean;
}

export interface Bump {
  readonly name: string;
  readonly version: string;
  readonly bump: BumpKind;
  /** Reason for the bump, in one line. */
  readonly why: string;
}

/**
 * Returns the bump for the worst change of a release. Changes of documentation need none: no package contains it.
 *
 * The bump follows semantic versioning from 1.0.0 on (semver.org 2.0.0, items 6 to 8). Before 1.0.0, the range `^0.x.y`
 * that npm writes takes patches only. So a breaking change is a minor, and everything else is a patch.
 */
export function bumpOf(version: string, worstClass: ChangeClass | undefined): BumpKind {
  if (worstClass === undefined || worstClass === "docs") return "none";
  const stable = !/^0\./.test(version);
  if (worstClass === "breaking") return stable ? "major" : "minor";
  return worstClass === "additive" && stable ? "minor" : "patch";
}

/** Proposes a bump for each package. */
export function proposeBumps(diff: DiffResult, types: readonly TypeBreak[], packages: readonly Package[]): Bump[] {
  return packages.map(({ name, version, follows, typed }) => {
    const findings = diff.findings.filter(
      (finding) => follows === (isOfEvents(diff, finding) ? "events" : "operations"),
    );
    const classes = findings.map((finding) => finding.class).filter((found) => found !== "docs");
    const broken = typed && follows === "operations" && types.length > 0;
    const all: ChangeClass[] = broken ? [...classes, "breaking"] : classes;
    const bump = bumpOf(version, all.length === 0 ? undefined : worst(all));
    return { name, version, bump, why: reason(classes, broken ? types.length : 0) };
  });
}

export function isOfEvents(diff: DiffResult, finding: Finding): boolean {
  return finding.documents.some((name) =>
    diff.pairs.some((pair) => pair.name === name && (pair.after ?? pair.before)?.events === true),
  );
}

function reason(classes: readonly ChangeClass[], broken: number): string {
  const count = (name: ChangeClass): number => classes.filter((found) => found === name).length;
  const parts = (["breaking", "additive", "metadata"] as const)
    .map((name) => [count(name), name] as const)
    .filter(([times]) => times > 0)
    .map(([times, name]) => `${times} ${name}`);
  if (broken > 0) parts.push(`${broken} that no longer compile${broken === 1 ? "s" : ""}`);
  return parts.length === 0 ? "nothing changed" : parts.join(", ");
}
