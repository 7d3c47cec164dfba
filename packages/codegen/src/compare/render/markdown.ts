import { byCodeUnit } from "../../json/json.ts";
import { CLASSES, type Finding } from "../model.ts";
import type { Report } from "../report.ts";
import { changeWords, countWords, operationsOf, pathWords, sideWords } from "./words.ts";

/** GitHub takes 65,536 characters in the text of a pull request; the caller may want to add to it. */
const MAX_CHARACTERS = 60_000;
const OPEN_LIST = 3;

const HEADINGS = {
  breaking: "Breaking",
  additive: "Additive",
  metadata: "Metadata",
  docs: "Documentation only",
} as const;

/** The report for a pull request: what breaks first, by module, cut where GitHub would refuse it. */
export function renderMarkdown(report: Report): string {
  const { findings, counts } = report.diff;
  const blocks = [`**${countWords(counts)}**\n`, bumpTable(report)];
  for (const name of CLASSES) {
    const group = findings.filter((finding) => finding.class === name);
    if (group.length > 0) blocks.push(`\n### ${HEADINGS[name]}\n`, ...byDocument(group));
  }
  if (report.types !== undefined && report.types.length > 0) {
    blocks.push("\n### Code that no longer compiles\n\n");
    for (const { document, what, message, calls } of report.types) {
      blocks.push(`- ${document} ${code(what)}: ${plain(message)}${nested(calls.map(code))}\n`);
    }
  }
  return cut(blocks);
}

function bumpTable({ bumps }: Report): string {
  if (bumps.length === 0) return "";
  const rows = bumps.map(({ name, version, bump, why }) => `| ${code(name)} | ${version} | ${bump} | ${plain(why)} |`);
  return `\n| package | now | bump | why |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

function byDocument(findings: readonly Finding[]): string[] {
  const groups = new Map<string, string[]>();
  for (const finding of findings) {
    const key = finding.documents.join(", ");
    groups.set(key, [...(groups.get(key) ?? []), findingLine(finding)]);
  }
  return [...groups].sort(([a], [b]) => byCodeUnit(a, b)).flatMap(([name, lines]) => [`\n**${name}**\n\n`, ...lines]);
}

function findingLine(finding: Finding): string {
  const sides = sideWords(finding);
  const operations = finding.schema === undefined ? [] : operationsOf(finding).map(code);
  return `- ${code(pathWords(finding))}: ${plain(changeWords(finding))}${sides === "" ? "" : ` _(${sides})_`}${nested(operations)}\n`;
}

/** Behind the line when they are few, else folded away below it. */
function nested(items: readonly string[]): string {
  if (items.length === 0) return "";
  if (items.length <= OPEN_LIST) return ` — ${items.join(", ")}`;
  return `\n  <details><summary>${items.length} operations</summary>\n\n  ${items.join("<br>\n  ")}\n\n  </details>`;
}

function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")}${fence}`;
}

/** Names of a document are data: none of them may become markup of the pull request, or mention anybody. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll("@", "@\u200b");
}

function cut(blocks: readonly string[]): string {
  let text = "";
  for (const [index, block] of blocks.entries()) {
    if (text.length + block.length > MAX_CHARACTERS) {
      return `${text}\n…and ${blocks.length - index} more; \`ghl-codegen diff\` prints all of them.\n`;
    }
    text += block;
  }
  return text;
}
