import { isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { at, ROOT } from "../../../json/pointer.ts";
import { walkReferences } from "../../../json/walk.ts";
import { reachableSchemas, schemaName } from "../../load/reachable.ts";
import type { Hit, LintContext, LintRule } from "../rule.ts";

function rule(name: string, why: string, find: (context: LintContext) => Hit[]): LintRule {
  return { name, why, check: { on: "document", find } };
}

const SCHEMAS = at(ROOT, "components", "schemas");
const schemasOf = (document: JsonObject): JsonObject => objectAt(objectAt(document.components).schemas);

/** Names of the component schemas that a value refers to. */
function referred(value: Json | undefined): Set<string> {
  const names = new Set<string>();
  if (!isObject(value)) return names;
  walkReferences(value, (_, reference) => {
    const name = schemaName(reference);
    if (name !== undefined) names.add(name);
  });
  return names;
}

export const documentRules: readonly LintRule[] = [
  rule("schema-unused", "No operation reaches it.", ({ document }) => {
    const schemas = schemasOf(document);
    const { schemas: _, ...components } = objectAt(document.components);
    const used = reachableSchemas({ ...document, components }, schemas);
    return Object.keys(schemas)
      .filter((name) => !Object.hasOwn(used, name))
      .map((name) => ({ position: at(SCHEMAS, name) }));
  }),
  rule("schema-circular", "The schema contains itself; generators that inline never end.", ({ document }) => {
    const schemas = schemasOf(document);
    const edges = new Map(Object.keys(schemas).map((name) => [name, referred(schemas[name])]));
    return [...edges.keys()].filter((name) => reaches(edges, name)).map((name) => ({ position: at(SCHEMAS, name) }));
  }),
  rule("path-ambiguous-same-file", "Two paths differ only in the names of their parameters.", ({ document }) => {
    const groups = new Map<string, string[]>();
    for (const path of Object.keys(objectAt(document.paths))) {
      const shape = path.replaceAll(/\{[^{}]*\}/g, "{}");
      groups.set(shape, [...(groups.get(shape) ?? []), path]);
    }
    return [...groups.values()]
      .filter((paths) => paths.length > 1)
      .map((paths) => ({ position: at(ROOT, "paths", paths[0] ?? ""), detail: paths.join(" ") }));
  }),
  rule("security-scheme-members", "name and in do not belong to security schemes of type http.", ({ document }) =>
    Object.entries(objectAt(objectAt(document.components).securitySchemes))
      .filter(
        ([, scheme]) =>
          isObject(scheme) && scheme.type === "http" && (scheme.name !== undefined || scheme.in !== undefined),
      )
      .map(([name]) => ({ position: at(ROOT, "components", "securitySchemes", name) })),
  ),
  rule("tag-groups-not-a-list", "x-tagGroups is an object where its readers expect a list.", ({ document }) =>
    isObject(document["x-tagGroups"]) ? [{ position: at(ROOT, "x-tagGroups") }] : [],
  ),
];

/** Whether a walk along the edges from `start` comes back to it. */
function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): boolean {
  const met = new Set<string>();
  const queue = [...(edges.get(start) ?? [])];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === start) return true;
    if (met.has(name)) continue;
    met.add(name);
    queue.push(...(edges.get(name) ?? []));
  }
  return false;
}
