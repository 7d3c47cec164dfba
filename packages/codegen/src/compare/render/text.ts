import { CLASSES, type Finding } from "../model.ts";
import type { Report } from "../report.ts";
import { changeWords, countWords, operationsOf, pathWords, sideWords } from "./words.ts";

const MAX_OPERATIONS = 4;

/** The report for a terminal. */
export function renderText(report: Report): string {
  const { findings, counts } = report.diff;
  const lines = [countWords(counts)];
  for (const name of CLASSES) {
    const group = findings.filter((finding) => finding.class === name);
    if (group.length === 0) continue;
    // which words changed is in --json; here it would bury the rest
    if (name === "docs") lines.push("", name, `  ${listWords([...new Set(group.map(pathWords))])}`);
    else lines.push("", name, ...group.flatMap(findingLines));
  }
  if (report.types !== undefined && report.types.length > 0) {
    lines.push("", "code that no longer compiles");
    for (const { document, what, message, calls } of report.types) {
      lines.push(`  ${document}  ${what}: ${message}`);
      if (calls.length > 1) lines.push(`    ${listWords(calls)}`);
    }
  }
  lines.push(
    "",
    ...report.bumps.map(
      ({ name, version, bump, why }) => `${name}${version === "" ? "" : ` ${version}`}: ${bump}, ${why}`,
    ),
  );
  return `${lines.join("\n")}\n`;
}

function findingLines(finding: Finding): string[] {
  const sides = sideWords(finding);
  const lines = [
    `  ${finding.documents.join(", ")}  ${pathWords(finding)}: ${changeWords(finding)}${sides === "" ? "" : ` (${sides})`}`,
  ];
  const operations = operationsOf(finding);
  if (finding.schema !== undefined && operations.length > 0) lines.push(`    ${listWords(operations)}`);
  return lines;
}

/** All of a few; of many the first, and how many more. */
export function listWords(items: readonly string[], limit: number = MAX_OPERATIONS): string {
  const shown = items.slice(0, limit).join(", ");
  return items.length > limit ? `${shown} and ${items.length - limit} more` : shown;
}
