import { excerpt } from "@ghl-edge/core";

/**
 * What an endpoint wants of an event's payload: the content patterns of Amazon EventBridge, because they are JSON, have no
 * code in them, and developers know them. A field names what its value may be; all fields must fit; `$or` takes one of several.
 *
 * ```json
 * { "status": ["won"], "monetaryValue": [{ "numeric": [">=", 1000] }], "contact": { "tags": [{ "prefix": "vip-" }] } }
 * ```
 *
 * A filter nests at most six levels and has at most 100 conditions, so that matching it costs no more than the event's size says.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html (read 2026-11-24)
 */
export interface EventFilter {
  readonly [field: string]: EventFilter | readonly Condition[] | readonly EventFilter[];
}

type Scalar = string | number | boolean | null;

export type Condition =
  | Scalar
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly "equals-ignore-case": string }
  | { readonly exists: boolean }
  | { readonly "anything-but": Scalar | readonly Scalar[] }
  | { readonly numeric: readonly (string | number)[] };

const OR = "$or";
/** A filter is run for every event: what people write by hand is far below. */
const MAX_DEPTH = 6;
const MAX_CONDITIONS = 100;

/** Longest place in a message: fields may have names of any length. */
const MAX_PLACE_LENGTH = 200;

/** Why a filter cannot be used; `problem` may be shown. */
export class EventFilterError extends Error {
  readonly code = "ERR_GHL_GATEWAY_EVENT_FILTER";
  override readonly name = "EventFilterError";
  readonly problem: string;
  constructor(place: string, problem: string) {
    super(`${excerpt(place, MAX_PLACE_LENGTH)} ${problem}`);
    this.problem = this.message;
  }
}

const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isNumeric(value: unknown): boolean {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4)) return false;
  return value.every((part: unknown, index) =>
    index % 2 === 0 ? typeof part === "string" && Object.hasOwn(COMPARE, part) : typeof part === "number",
  );
}

/** Operator → whether its operand is one. */
const OPERANDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  prefix: (value) => typeof value === "string",
  suffix: (value) => typeof value === "string",
  "equals-ignore-case": (value) => typeof value === "string",
  exists: (value) => typeof value === "boolean",
  "anything-but": (value) => isScalar(value) || (Array.isArray(value) && value.length > 0 && value.every(isScalar)),
  numeric: isNumeric,
};

/** Returns how many values an event's value may be compared with. */
function checkCondition(condition: unknown, at: string): number {
  if (isScalar(condition)) return 1;
  const [operator, ...more] = isObject(condition) ? Object.keys(condition) : [];
  if (operator === undefined || more.length > 0 || !Object.hasOwn(OPERANDS, operator))
    throw new EventFilterError(at, `must hold values, or one of ${Object.keys(OPERANDS).join(", ")}`);
  const operand = (condition as Record<string, unknown>)[operator];
  if (!OPERANDS[operator]!(operand)) throw new EventFilterError(at, `gives ${operator} something it does not take`);
  return Array.isArray(operand) ? operand.length : 1;
}

function check(value: unknown, at: string, depth: number): number {
  if (!isObject(value) || Object.keys(value).length === 0)
    throw new EventFilterError(at, "must be an object with fields");
  if (depth > MAX_DEPTH) throw new EventFilterError(at, `must not be deeper than ${MAX_DEPTH} levels`);
  let conditions = 0;
  for (const [field, wanted] of Object.entries(value)) {
    const here = `${at}.${field}`;
    if (field === OR && !Array.isArray(wanted)) throw new EventFilterError(here, "must list filters");
    if (!Array.isArray(wanted)) conditions += check(wanted, here, depth + 1);
    else if (wanted.length === 0) throw new EventFilterError(here, "must not be an empty list");
    else if (field === OR) for (const one of wanted as unknown[]) conditions += check(one, here, depth + 1);
    else for (const condition of wanted as unknown[]) conditions += checkCondition(condition, here);
  }
  if (conditions > MAX_CONDITIONS)
    throw new EventFilterError(at, `must not have more than ${MAX_CONDITIONS} conditions`);
  return conditions;
}

/** @throws EventFilterError that names the place */
export function readEventFilter(value: unknown): EventFilter {
  check(value, "filter", 1);
  return value as EventFilter;
}

function fits(condition: Condition, value: unknown): boolean {
  if (isScalar(condition)) return value === condition;
  if ("exists" in condition) return condition.exists === (value !== undefined);
  if ("anything-but" in condition)
    return isScalar(value) && !([condition["anything-but"]].flat() as readonly Scalar[]).includes(value);
  if ("numeric" in condition) {
    const { numeric } = condition;
    if (typeof value !== "number") return false;
    for (let i = 0; i < numeric.length; i += 2)
      if (!COMPARE[String(numeric[i])]!(value, Number(numeric[i + 1]))) return false;
    return true;
  }
  if (typeof value !== "string") return false;
  if ("prefix" in condition) return value.startsWith(condition.prefix);
  if ("suffix" in condition) return value.endsWith(condition.suffix);
  return value.toLowerCase() === condition["equals-ignore-case"].toLowerCase();
}

function fitsAny(conditions: readonly Condition[], value: unknown): boolean {
  // Of a list any member may fit; that a field is there or not is asked of the list itself.
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return conditions.some((condition) =>
    isObject(condition) && "exists" in condition ? fits(condition, value) : values.some((one) => fits(condition, one)),
  );
}

/** Whether a member of a list fits, or one of the lists in it. Without recursion: how deep it is, a stranger decides. */
function someMember(list: readonly unknown[], memberFits: (member: unknown) => boolean): boolean {
  const lists = [list];
  for (let current = lists.pop(); current !== undefined; current = lists.pop())
    for (const member of current) {
      if (Array.isArray(member)) lists.push(member);
      else if (memberFits(member)) return true;
    }
  return false;
}

/** Whether a payload is what the filter asks for. Of a list of objects any member may fit a nested filter. */
export function matchesFilter(filter: EventFilter, payload: unknown): boolean {
  if (Array.isArray(payload)) return someMember(payload, (member) => matchesFilter(filter, member));
  const fields = isObject(payload) ? payload : {};
  return Object.entries(filter).every(([field, wanted]) => {
    if (field === OR) return (wanted as readonly EventFilter[]).some((one) => matchesFilter(one, fields));
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    return Array.isArray(wanted)
      ? fitsAny(wanted as readonly Condition[], value)
      : matchesFilter(wanted as EventFilter, value);
  });
}
