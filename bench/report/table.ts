import { isMet, type Row, type Target } from "./row.ts";

/** Three significant digits below a thousand, whole and grouped above. */
export function number(value: number | undefined): string {
  if (value === undefined) return "–";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function targetText(target: Target | undefined, unit: string): string {
  if (target === undefined) return "";
  const sign = target.bound === "at most" ? "≤" : "≥";
  return `${sign} ${number(target.value)}${target.of === "ratio" ? "×" : unit === "" ? "" : ` ${unit}`}`;
}

const verdict = (row: Row): string => {
  const met = isMet(row);
  if (met !== undefined) return met ? "met" : "**missed**";
  return row.target === undefined ? "" : "not measured";
};

/** Markdown table of the rows, a heading line per section. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = ["| what | ours | peer | peer's | ratio | target | |", "|---|--:|---|--:|--:|---|---|"];
  let section = "";
  for (const row of rows) {
    if (row.section !== section) lines.push(`| **${row.section}** | | | | | | |`);
    section = row.section;
    const unit = row.unit === "" ? "" : `, ${row.unit}`;
    const note = row.note === undefined ? "" : ` (${row.note})`;
    const ratio = row.ratio === undefined ? "–" : `${number(row.ratio)}×`;
    const cells = [
      `${row.what}${unit}${note}`,
      number(row.ours),
      row.peer,
      number(row.theirs),
      ratio,
      targetText(row.target, row.unit),
      verdict(row),
    ];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}
