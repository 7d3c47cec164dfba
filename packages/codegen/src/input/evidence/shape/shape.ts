import { byCodeUnit, isObject, type Json, type JsonObject, setMember } from "../../../json/json.ts";
import { isDateTime, KINDS, type Kind, kindOf } from "./kind.ts";
import { type PathStep, parsePath, printStep } from "./path.ts";

/**
 * Kinds that were seen at one position of an answer or a request, with their counts, and the same for everything below it.
 * Values at the same position of several answers, and all items of an array, form one shape.
 *
 * A count of 0 says that the kind was seen, but not how often.
 */
export interface Shape {
  readonly kinds: Map<Kind, number>;
  /** Number of texts that were date-times. */
  dateTimes: number;
  readonly members: Map<string, Shape>;
  /** Shape of the members of an object whose names are data. */
  any: Shape | undefined;
  /** Shape of the items of an array. It is undefined when every array was empty. */
  items: Shape | undefined;
  /** The values themselves, of published examples only. They are never stored. */
  values: Set<Json> | undefined;
}

/** A shape as it is stored: kinds and counts by path. */
export type ShapePaths = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function emptyShape(): Shape {
  return { kinds: new Map(), dateTimes: 0, members: new Map(), any: undefined, items: undefined, values: undefined };
}

/** Options of {@link shapeOf}. */
export interface ShapeOptions {
  /**
   * Also remembers texts, numbers and booleans, so that they can be held against an enum. For examples that HighLevel
   * publishes; never for an answer of a live account. Default false.
   */
  readonly values?: boolean;
}

/**
 * Returns the shape of values that were at the same position.
 *
 * @param values - The values
 * @param options - Whether the shape also collects the values themselves
 * @returns The kinds of the values and of everything below them
 * @example
 * ```ts
 * import { shapeOf } from "@ghl-edge/codegen";
 *
 * const shape = shapeOf([{ id: "1" }, { id: "2", name: null }]);
 * ```
 */
export function shapeOf(values: readonly Json[], options: ShapeOptions = {}): Shape {
  const shape = emptyShape();
  for (const value of values) addValue(shape, value, options.values === true);
  return shape;
}

function addValue(shape: Shape, value: Json, keep: boolean): void {
  count(shape, kindOf(value), 1);
  if (typeof value === "string" && isDateTime(value)) shape.dateTimes += 1;
  if (Array.isArray(value)) {
    for (const item of value) addValue(childOf(shape, { kind: "items" }), item, keep);
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value))
      addValue(childOf(shape, { kind: "member", name }), member, keep);
  } else if (keep && value !== null) {
    shape.values ??= new Set();
    shape.values.add(value);
  }
}

/** Adds what another shape of the same position says. Examples' values are added too. */
export function mergeShape(into: Shape, other: Shape): void {
  for (const [kind, times] of other.kinds) count(into, kind, times);
  into.dateTimes += other.dateTimes;
  for (const [name, member] of other.members) mergeShape(childOf(into, { kind: "member", name }), member);
  if (other.any !== undefined) mergeShape(childOf(into, { kind: "any" }), other.any);
  if (other.items !== undefined) mergeShape(childOf(into, { kind: "items" }), other.items);
  for (const value of other.values ?? []) {
    into.values ??= new Set();
    into.values.add(value);
  }
}

/** Returns how often a kind was seen. It returns 0 when the kind never was. */
export function timesOf(shape: Shape | undefined, kind: Kind): number {
  return shape?.kinds.get(kind) ?? 0;
}

/** Returns the number of values that were seen at the position. */
export function totalOf(shape: Shape | undefined): number {
  let total = 0;
  for (const times of shape?.kinds.values() ?? []) total += times;
  return total;
}

/** The shape that a step leads to; undefined when nothing was seen there. */
export function stepInto(shape: Shape, step: PathStep): Shape | undefined {
  if (step.kind === "items") return shape.items;
  return step.kind === "any" ? shape.any : shape.members.get(step.name);
}

function childOf(shape: Shape, step: PathStep): Shape {
  const found = stepInto(shape, step);
  if (found !== undefined) return found;
  const child = emptyShape();
  if (step.kind === "items") shape.items = child;
  else if (step.kind === "any") shape.any = child;
  else shape.members.set(step.name, child);
  return child;
}

function count(shape: Shape, kind: Kind, times: number): void {
  shape.kinds.set(kind, (shape.kinds.get(kind) ?? 0) + times);
}

/** Name of a date-time text in the stored evidence. */
const DATE_TIME_KIND = "string(date-time)";

/**
 * Reads a shape from its stored form.
 *
 * @param paths - Kinds and counts by path
 * @returns The shape
 * @throws {RangeError} when a path or a kind is not valid; the message names it
 * @example
 * ```ts
 * import { shapeFromPaths } from "@ghl-edge/codegen";
 *
 * const shape = shapeFromPaths({ $: { object: 2 }, "$.id": { string: 2 } });
 * ```
 */
export function shapeFromPaths(paths: ShapePaths): Shape {
  const shape = emptyShape();
  for (const [path, kinds] of Object.entries(paths)) {
    const steps = parsePath(path);
    if (steps === undefined) throw new RangeError(`path must be one of an observation, got "${path}"`);
    const position = steps.reduce(childOf, shape);
    for (const [name, times] of Object.entries(kinds)) {
      const kind = name === DATE_TIME_KIND ? "string" : KINDS.find((known) => known === name);
      if (kind === undefined) throw new RangeError(`unknown kind ${name} at ${path}`);
      count(position, kind, times);
      if (name === DATE_TIME_KIND) position.dateTimes += times;
    }
  }
  return shape;
}

/** The stored form of a shape. Paths and kinds come in code unit order, so that equal shapes are equal bytes. */
export function pathsOf(shape: Shape): JsonObject {
  const paths = new Map<string, JsonObject>();
  const visit = (position: Shape, path: string): void => {
    if (position.kinds.size > 0) paths.set(path, storedKinds(position));
    for (const [name, member] of position.members) visit(member, path + printStep({ kind: "member", name }));
    if (position.any !== undefined) visit(position.any, path + printStep({ kind: "any" }));
    if (position.items !== undefined) visit(position.items, path + printStep({ kind: "items" }));
  };
  visit(shape, "$");
  const result: JsonObject = {};
  for (const path of [...paths.keys()].sort(byCodeUnit)) setMember(result, path, paths.get(path) ?? {});
  return result;
}

function storedKinds({ kinds, dateTimes }: Shape): JsonObject {
  const stored: JsonObject = {};
  for (const kind of [...kinds.keys()].sort(byCodeUnit)) {
    const times = kinds.get(kind) ?? 0;
    // a text that was seen an unknown number of times stands beside counted date-times only when others were counted too
    if (kind !== "string" || times > dateTimes || dateTimes === 0)
      stored[kind] = times - (kind === "string" ? dateTimes : 0);
    if (kind === "string" && dateTimes > 0) stored[DATE_TIME_KIND] = dateTimes;
  }
  return stored;
}
