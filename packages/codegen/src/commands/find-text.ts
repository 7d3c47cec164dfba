import { importText, type OperationEntry } from "../output/operations/entry.ts";
import { acceptedTokenTypes } from "../scopes/report.ts";

/** The operations of one route for a terminal; what v2 and v3 have in common is said once. */
export function routeText(group: readonly OperationEntry[]): string {
  const [first] = group;
  if (first === undefined) return "";
  const lines = [`${first.method} ${first.path}${first.deprecated ? "  (deprecated)" : ""}`];
  for (const entry of group) {
    lines.push(`  ${entry.api}  ${importText(entry)}`, `      await ${entry.call};`);
  }
  const same = (textOf: (entry: OperationEntry) => string): string =>
    [...new Set(group.map(textOf))].length === 1
      ? textOf(first)
      : group.map((entry) => `${entry.api}: ${textOf(entry)}`).join("; ");
  lines.push(
    `  scope     ${same(({ scopes }) => scopes.join(" or ") || "not documented")}`,
    `  token     ${same(tokenText)}`,
    `  SDK       ${first.sdk ?? "the official SDK does not have it"}`,
  );
  return `${lines.join("\n")}\n`;
}

function tokenText({ tokens }: OperationEntry): string {
  if (tokens === "") return "none";
  return acceptedTokenTypes(tokens).join(", ") || "not documented";
}
