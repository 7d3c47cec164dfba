import type { ScopeReport } from "./report.ts";

/** The report for a terminal. */
export function reportText(report: ScopeReport): string {
  const lines = [`Scopes to request (${report.scopes.length})`];
  for (const { scope, operations, events } of report.scopes)
    lines.push(`  ${scope}  ${[...operations, ...events].join(", ")}`);
  if (report.operations.length > 0) lines.push("", ...tokenLines(report));
  if (report.events.length > 0) {
    lines.push("", "Webhook events they open");
    for (const { event, scopes } of report.events) lines.push(`  ${event}  ${scopes.join(", ")}`);
  }
  if (report.missing !== undefined) {
    lines.push("", report.missing.length === 0 ? "Every scope is granted" : `Missing (${report.missing.length})`);
    for (const scope of report.missing) lines.push(`  ${scope}`);
  }
  if (report.unknown.length > 0) {
    lines.push("", `Unknown (${report.unknown.length})`);
    for (const { what, name, position, reason } of report.unknown) {
      lines.push(`  ${position === undefined ? "" : `${position}  `}${what} ${name}: ${reason}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function tokenLines({ tokens, tokensByOperation }: ScopeReport): string[] {
  if (tokens.length > 0) return ["Token, one of", `  ${tokens.join(", ")}`];
  const rows = Object.entries(tokensByOperation).map(([name, types]) => `  ${name}  ${types.join(", ")}`);
  return rows.length === 0 ? ["Token: not known"] : ["Tokens: no single type is accepted by all", ...rows];
}
