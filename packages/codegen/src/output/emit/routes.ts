import { NameClashError } from "../../errors.ts";
import { byCodeUnit } from "../../json/json.ts";
import type { Module, Operation } from "../ir/model.ts";
import { banner, type GeneratedFile } from "./file.ts";

interface Row {
  readonly module: Module;
  readonly operation: Operation;
}

const FORMAT = `// Read by ../routes/route-data.ts. Lines of \`routeGroups\`: api, module, Version, token types, scopes (comma), "d" for deprecated.
// Lines of \`routePaths\`: characters shared with the path before (base 36) and a space, the rest of the path, then for each
// method: method, operationId, method name where camel-casing the operationId does not give it, numbers (base 36) of its
// groups. Fields are separated by tabs.
`;

/**
 * The route table of every module of every generation, packed: paths front-coded, twins of both generations in one entry,
 * what routes have in common in groups. Unpacked it is five times as large, and a Worker loads it on every cold start.
 */
export function emitRoutes(modules: readonly Module[]): GeneratedFile[] {
  const byPath = new Map<string, Row[]>();
  for (const module of modules) {
    for (const operation of module.operations) {
      const rows = byPath.get(operation.path);
      if (rows === undefined) byPath.set(operation.path, [{ module, operation }]);
      else rows.push({ module, operation });
    }
  }
  const groups = new Map<string, number>();
  const lines: string[] = [];
  let previous = "";
  for (const path of [...byPath.keys()].sort(byCodeUnit)) {
    const shared = sharedLength(previous, path);
    lines.push([`${shared.toString(36)} ${path.slice(shared)}`, ...entries(byPath.get(path) ?? [], groups)].join("\t"));
    previous = path;
  }
  const source = "openapi/{v2,v3}/*.json";
  const text = `${banner(source)}${FORMAT}export const routeGroups: string = ${template([...groups.keys()])};
export const routePaths: string = ${template(lines)};
`;
  return [{ path: "routes.gen.ts", text }];
}

function entries(rows: readonly Row[], groups: Map<string, number>): string[] {
  const found = new Map<string, string[]>();
  const taken = new Map<string, string>();
  for (const { module, operation } of rows) {
    const route = `${module.api} ${operation.method}`;
    const other = taken.get(route);
    if (other !== undefined) {
      throw new NameClashError(`${route} ${operation.path} is also in ${other}`, { file: module.source });
    }
    taken.set(route, module.source);
    const key = [
      operation.method,
      operation.id,
      simpleName(operation.id) === operation.name ? "" : operation.name,
    ].join("\t");
    const entry = found.get(key) ?? [];
    entry.push(groupNumber(groups, module, operation));
    found.set(key, entry);
  }
  return [...found].map(([key, entry]) => `${key}\t${entry.join(" ")}`);
}

/** The rule that ../routes/route-data.ts knows; the method name is spelled out where it does not hold. */
function simpleName(id: string): string {
  return id.replace(/[-_]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function groupNumber(groups: Map<string, number>, module: Module, operation: Operation): string {
  const { version, tokens, scopes, deprecated } = operation;
  const line = [module.api, module.name, version, tokens, scopes.join(","), deprecated ? "d" : ""].join("\t");
  const number = groups.get(line) ?? groups.size;
  groups.set(line, number);
  return number.toString(36);
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** A template literal with one line per item: reviewed line by line, and a byte less than `\\n`. */
function template(lines: readonly string[]): string {
  return `\`${lines.join("\n").replace(/[`\\]|\$\{/g, "\\$&")}\``;
}
