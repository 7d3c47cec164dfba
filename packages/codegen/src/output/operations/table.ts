import { MARK } from "../emit/file.ts";
import type { OperationEntry } from "./entry.ts";
import { groupBy } from "./group-by.ts";
import { SDK_VERSION } from "./sdk-name.ts";
import { groupByRoute } from "./search.ts";

/** Markdown: every operation with its method here, its name in the official SDK and its scopes, a section per module. */
export function operationsTable(operations: readonly OperationEntry[], source: string): string {
  const modules = groupBy(operations, ({ module }) => module);
  const sections = [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, entries]) => section(module, entries));
  const routes = groupByRoute(operations);
  const named = routes.filter((group) => group.some(({ sdk }) => sdk !== undefined)).length;
  return `<!-- ${MARK} from ${source}. Do not edit. -->

# Operations

Every operation of HighLevel's documents: ${routes.length} routes, ${named} of them in the official SDK (\`@gohighlevel/api-client\` ${SDK_VERSION}). Its names follow from the
operationIds of the v2 documents. A method here takes the same parameters in one object, with the body under \`body\`; what a tenant's handle
fills in (\`locationId\`, \`companyId\`, \`altId\`) is left out. \`ghl-codegen find "<path, name or words>"\` prints import and call.

${sections.join("\n")}`;
}

function section(module: string, entries: readonly OperationEntry[]): string {
  const rows = groupByRoute(entries).map(([first, ...twins]) => {
    const group = first === undefined ? [] : [first, ...twins];
    const cells = [
      `\`${first?.method} ${first?.path}\`${first?.deprecated ? " (deprecated)" : ""}`,
      first?.sdk === undefined ? "–" : `\`${first.sdk}\``,
      namesText(group),
      [...new Set(group.flatMap(({ scopes }) => scopes))].map((scope) => `\`${scope}\``).join(" or ") || "–",
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
  return `## ${module}\n\n| operation | official SDK | @ghl-edge/client | scope |\n|---|---|---|---|\n${rows.join("")}`;
}

/** `v2`, `v3`: `getContact`; both generations where their methods have different names. */
function namesText(group: readonly OperationEntry[]): string {
  const byName = groupBy(group, ({ typeName, name }) => `\`${typeName}.${name}\``);
  return [...byName]
    .map(
      ([name, entries]) =>
        `${name} (${entries
          .map(({ api }) => api)
          .sort()
          .join(", ")})`,
    )
    .join(", ");
}
