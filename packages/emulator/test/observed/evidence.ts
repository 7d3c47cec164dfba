import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { allRoutes } from "@ghl-edge/client/routes";

/** Folder of the evidence. */
export const FOLDER = fileURLToPath(new URL("../../../../openapi/evidence", import.meta.url));

type Paths = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One observation as the files of `openapi/evidence` hold it (docs/design/evidence.md). */
export interface Observation {
  readonly operation: string;
  readonly sureness: "recorded" | "reported" | "claimed";
  readonly answers?: { readonly count: number; readonly paths: Paths };
  readonly requests?: { readonly count: number; readonly paths: Paths };
  readonly query?: readonly string[];
}

/** Shape that was seen at one path. It is read apart from codegen, so that one mistake is not made in both. */
export interface SeenShape {
  readonly kinds: Map<string, number>;
  readonly inside: Map<string, SeenShape>;
}

const STEP = /\.([A-Za-z_$][\w$-]*|\*)|(\[\])|\["((?:[^"\\]|\\.)*)"\]/g;

/** The tree of a shape; steps are names, `[]` and `*`. */
export function treeOf(paths: Paths): SeenShape {
  const root: SeenShape = { kinds: new Map(), inside: new Map() };
  for (const [path, kinds] of Object.entries(paths)) {
    let shape = root;
    for (const [, name, items, quoted] of path.matchAll(STEP)) {
      const step = name ?? items ?? quoted ?? "";
      const next = shape.inside.get(step) ?? { kinds: new Map<string, number>(), inside: new Map<string, SeenShape>() };
      shape.inside.set(step, next);
      shape = next;
    }
    for (const [kind, times] of Object.entries(kinds)) {
      const plain = kind.replace(/\(.*/, "");
      shape.kinds.set(plain, (shape.kinds.get(plain) ?? 0) + times);
    }
  }
  return root;
}

/** An operation of one generation that was seen, with what was seen of it. */
export interface Seen extends Observation {
  readonly title: string;
  readonly api: string;
  readonly module: string;
  /** Method of the client. */
  readonly name: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly scopes: readonly string[];
  readonly tokens: string;
}

/** Operations that v3 answers in an envelope of its own, while one author claims the answer of the other generation. */
const OTHERWISE_IN_V3 = ["active-numbers"];

const keyOf = (operation: string): string => operation.replace(/\{[^}]*\}/g, "{}").replace(/(?<=.)\/$/, "");

/**
 * Every observation, once for each generation that has the operation.
 *
 * @param options - `everyGeneration` also takes v3 operations whose answers differ from the observed ones
 */
export function everythingSeen({ everyGeneration = false } = {}): Seen[] {
  return globSync("*.json", { cwd: FOLDER, exclude: ["examples.json", "events.json"] })
    .sort()
    .flatMap((file) => {
      const { observations } = JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")) as {
        observations: readonly Observation[];
      };
      const routes = allRoutes().filter(({ module }) => module === basename(file, ".json"));
      return observations.flatMap((observation, index) =>
        routes
          .filter(({ method, path }) => keyOf(`${method} ${path}`) === keyOf(observation.operation))
          .filter(({ api, operationId }) => everyGeneration || api !== "v3" || !OTHERWISE_IN_V3.includes(operationId))
          .map((route) => ({
            ...route,
            ...observation,
            title: `${route.api} ${route.operationId} (${observation.sureness}, ${file} ${index + 1})`,
          })),
      );
    });
}

const SAMPLES: Readonly<Record<string, unknown>> = { string: "x1", number: 2, boolean: true, null: null };

/** A value of the shape: the kind that was seen most often, null only where nothing else was; arrays have two items. */
export function exampleOf({ kinds, inside }: SeenShape): unknown {
  const [kind] = [...kinds].sort(([a, m], [b, n]) => Number(a === "null") - Number(b === "null") || n - m)[0] ?? [];
  const item = inside.get("[]");
  if (kind === "array" || (kind === undefined && item !== undefined))
    return item === undefined ? [] : [exampleOf(item), exampleOf(item)];
  if (kind !== undefined && kind !== "object") return SAMPLES[kind];
  return Object.fromEntries([...inside].map(([name, shape]) => [name === "*" ? "x1" : name, exampleOf(shape)]));
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const seenTimes = ({ kinds }: SeenShape): number => [...kinds.values()].reduce((sum, times) => sum + times, 0);

/** Names of everything that requests were seen to set in a module. */
export function namesSent(seen: readonly Seen[], module: string): Set<string> {
  const names = new Set<string>();
  const collect = ({ inside }: SeenShape): void => {
    for (const [name, shape] of inside) {
      names.add(name);
      collect(shape);
    }
  };
  for (const one of seen) if (one.module === module && one.requests !== undefined) collect(treeOf(one.requests.paths));
  return names;
}

interface Lacking {
  /**
   * Names of members that a client has to set. They, and members that some of the seen objects lacked, are then not required.
   * Default: every member is.
   */
  readonly set?: ReadonlySet<string> | undefined;
  /** Path of the value. Default: `$`. */
  readonly path?: string;
}

/**
 * Members that a value lacks, or has in a kind that was not seen. Null alone forbids no kind, because the member was not filled in.
 */
export function lacking(shape: SeenShape, value: unknown, { set, path = "$" }: Lacking = {}): string[] {
  const { kinds, inside } = shape;
  const kind = kindOf(value);
  const seen = [...kinds.keys()].filter((one) => one !== "null");
  if (value === undefined) return [`${path} is missing`];
  if (kinds.size > 0 && !kinds.has(kind) && seen.length > 0)
    return [`${path} is ${kind}, seen: ${[...kinds.keys()].join(", ")}`];
  if (Array.isArray(value)) {
    const item = inside.get("[]");
    if (item === undefined) return [];
    return value.flatMap((one: unknown, index) => lacking(item, one, { set, path: `${path}[${index}]` }));
  }
  if (kind !== "object") return [];
  return [...inside]
    .filter(([name]) => name !== "*" && name !== "[]")
    .flatMap(([name, member]) => {
      const given = (value as Record<string, unknown>)[name];
      const isAlways = seenTimes(member) >= (kinds.get("object") ?? 0) && set?.has(name) !== true;
      return given === undefined && set !== undefined && !isAlways
        ? []
        : lacking(member, given, { set, path: `${path}.${name}` });
    });
}
