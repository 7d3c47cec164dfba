import type { Api } from "../load/modules.ts";
import { LINT_CLASSES } from "./lint.ts";
import type { Finding } from "./rule.ts";
import type { Stats } from "./stats.ts";

/** One class with its findings, counted by generation where the documents are HighLevel's. */
export interface ClassReport extends Readonly<Partial<Record<Api, number>>> {
  readonly class: string;
  readonly why: string;
  readonly findings: readonly Finding[];
}

/** Findings by class, the most frequent class first. Classes without a finding are left out. */
export function groupFindings(findings: readonly Finding[]): ClassReport[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.class);
    if (group === undefined) groups.set(finding.class, [finding]);
    else group.push(finding);
  }
  const reports = [...groups].map(([name, group]): ClassReport => {
    const why = LINT_CLASSES.get(name) ?? "";
    if (group.every(({ api }) => api === "")) return { class: name, why, findings: group };
    const v2 = group.filter(({ api }) => api === "v2").length;
    return { class: name, why, v2, v3: group.length - v2, findings: group };
  });
  return reports.sort((a, b) => b.findings.length - a.findings.length || (a.class < b.class ? -1 : 1));
}

const EXAMPLES = 3;

/** For a terminal: a line per class, and where its first findings are. */
export function lintToText(reports: readonly ClassReport[], stats: Stats | undefined): string {
  const lines = reports.flatMap(({ class: name, why, v2, v3, findings }) => [
    v2 === undefined ? `${name}  ${findings.length}` : `${name}  v2 ${v2}  v3 ${v3}`,
    `  ${why}`,
    ...findings.slice(0, EXAMPLES).map(({ file, pointer, detail }) => {
      return `    ${file} ${pointer}${detail === undefined ? "" : `  (${detail})`}`;
    }),
    ...(findings.length > EXAMPLES ? [`    and ${findings.length - EXAMPLES} more`] : []),
  ]);
  const total = reports.reduce((sum, { findings }) => sum + findings.length, 0);
  lines.push(total === 0 ? "no defects" : `${total} defects in ${reports.length} classes`);
  for (const [name, { v2, v3 }] of stats ?? []) lines.push(`${name}  v2 ${v2}  v3 ${v3}`);
  return `${lines.join("\n")}\n`;
}

/** For programs: counts by class, and every finding. */
export function lintToJson(reports: readonly ClassReport[], stats: Stats | undefined): string {
  const value = {
    classes: Object.fromEntries(
      reports.map(({ class: name, why, v2, v3, findings }) => [
        name,
        v2 === undefined ? { count: findings.length, why } : { v2, v3, why },
      ]),
    ),
    findings: reports.flatMap(({ findings }) => findings),
    ...(stats === undefined ? {} : { stats: Object.fromEntries(stats) }),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}
