import { createHash } from "node:crypto";
import type { Finding } from "../model.ts";
import { renderJson } from "../render/json.ts";
import type { Report } from "../report.ts";
import type { TypeBreak } from "../types/check.ts";
import { type Bump, isOfEvents, type Package } from "./bump.ts";
import { joinSentences, newsSentence, toDoSentence } from "./sentence.ts";

export interface Changeset {
  /** `openapi-1a2b3c4.md`: another report has another name, so that none replaces one that is not released yet. */
  readonly file: string;
  readonly text: string;
}

/** Lines of one list; a change log nobody reads to the end helps nobody. */
const MAX_LINES = 40;

/** The changesets for what the documents say now: one for the packages with operations, one for those with events. */
export function writeChangesets(report: Report, packages: readonly Package[]): Changeset[] {
  return (["operations", "events"] as const).flatMap((follows) => {
    const names = new Set(packages.filter((one) => one.follows === follows).map(({ name }) => name));
    const bumps = report.bumps.filter(({ name, bump }) => names.has(name) && bump !== "none");
    if (bumps.length === 0) return [];
    const findings = report.diff.findings.filter(
      (finding) => isOfEvents(report.diff, finding) === (follows === "events") && finding.class !== "docs",
    );
    const types = follows === "operations" ? (report.types ?? []) : [];
    const text = changesetText({ bumps, findings, types, follows });
    return [{ file: `openapi-${digest(follows, report)}.md`, text }];
  });
}

/** Seven digits of what changed: the same change, the same file. */
function digest(follows: string, report: Report): string {
  return createHash("sha256")
    .update(follows)
    .update(renderJson({ ...report, bumps: [] }))
    .digest("hex")
    .slice(0, 7);
}

function changesetText({
  bumps,
  findings,
  types,
  follows,
}: {
  readonly bumps: readonly Bump[];
  readonly findings: readonly Finding[];
  readonly types: readonly TypeBreak[];
  readonly follows: Package["follows"];
}): string {
  const head = bumps.map(({ name, bump }) => `"${name}": ${bump}\n`).join("");
  const breaking = findings.filter((finding) => finding.class === "breaking");
  const renamed = findings.filter(({ kind }) => RENAMES.has(kind));
  const todo = joinSentences([...breaking, ...renamed].map(toDoSentence));
  const reported = new Set([...breaking, ...renamed].flatMap(({ reaches }) => reaches.map(({ call }) => call)));
  todo.push(...types.filter(({ calls }) => calls.every((call) => !reported.has(call))).map(typeSentence));
  const news = joinSentences(findings.filter((finding) => finding.class === "additive").map(newsSentence));
  const metadata = findings.filter((finding) => finding.class === "metadata" && !RENAMES.has(finding.kind));
  const notes = joinSentences(metadata.map(newsSentence));
  const body = [
    `Follow HighLevel's ${follows === "events" ? "webhook events" : "documents"}: ${summary(todo.length, news.length, notes.length)}.`,
    list("What to change in your code", todo),
    list("New", news),
    list("Also", notes),
  ];
  return `---\n${head}---\n\n${body.filter((part) => part !== "").join("\n\n")}\n`;
}

/** No harm on the wire, but the user's code names it. */
const RENAMES: ReadonlySet<string> = new Set(["method-name-changed", "path-parameter-renamed"]);

function typeSentence({ what, message, calls }: TypeBreak): string {
  const where =
    calls.length === 0 || calls.includes(what)
      ? ""
      : ` (${calls
          .map((call) => `\`${call}\``)
          .slice(0, 4)
          .join(", ")})`;
  return `\`${what}\`${where}: ${message}`.replaceAll(/\s+/g, " ");
}

function summary(todo: number, news: number, notes: number): string {
  const parts = [
    todo === 0 ? "nothing to do" : `${todo} ${todo === 1 ? "change" : "changes"} that may need one in your code`,
    ...(news === 0 ? [] : [`${news} ${news === 1 ? "addition" : "additions"}`]),
    ...(notes === 0 ? [] : [`${notes} ${notes === 1 ? "change" : "changes"} of scopes, versions and the like`]),
  ];
  return parts.join(", ");
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const rest = lines.length - MAX_LINES;
  const shown = rest > 0 ? [...lines.slice(0, MAX_LINES), `and ${rest} more`] : lines;
  return `${title}:\n\n${shown.map((line) => `- ${line}`).join("\n")}`;
}
