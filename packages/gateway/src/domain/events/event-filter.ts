import { describeValue, excerpt, isObject } from "@ghl-edge/core";

/**
 * A filter on an event's payload. It uses the content patterns of Amazon EventBridge, because they are JSON, contain no code, and developers
 * know them. The matcher is our own, because it has to bound depth, conditions and time for filters and payloads of strangers. A field
 * lists the values it may have; all fields must match; `$or` matches one of several filters.
 *
 * ```json
 * { "status": ["won"], "monetaryValue": [{ "numeric": [">=", 1000] }], "contact": { "tags": [{ "prefix": "vip-" }] } }
 * ```
 *
 * A filter has at most six levels and 100 conditions, so that the cost of a match is proportional to the size of the event.
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
/** A filter runs for every event, so its size is limited. Filters that people write by hand are far smaller. */
const MAX_DEPTH = 6;
const MAX_CONDITIONS = 100;

/** Limits the path in a message, because field names may have any length. */
const MAX_PATH_LENGTH = 200;

/** Thrown for an invalid filter. Its `problem` may be shown to users. */
export class EventFilterError extends Error {
  readonly code = "ERR_GHL_GATEWAY_EVENT_FILTER";
  override readonly name = "EventFilterError";
  readonly problem: string;
  constructor(path: string, problem: string) {
    super(`${excerpt(path, MAX_PATH_LENGTH)} ${problem}`);
    this.problem = this.message;
  }
}

const invalid = (path: string, expected: string, got: unknown): EventFilterError =>
  new EventFilterError(path, `must be ${expected}, got ${describeValue(got)}`);

const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
function isNumeric(value: unknown): boolean {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4)) return false;
  return value.every((part: unknown, index) =>
    index % 2 === 0 ? typeof part === "string" && Object.hasOwn(COMPARE, part) : typeof part === "number",
  );
}

interface Operand {
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
}

const TEXT: Operand = { expected: "a string", isValid: (value) => typeof value === "string" };
const OPERANDS: Readonly<Record<string, Operand>> = {
  prefix: TEXT,
  suffix: TEXT,
  "equals-ignore-case": TEXT,
  exists: { expected: "true or false", isValid: (value) => typeof value === "boolean" },
  "anything-but": {
    expected: "a value or a list of values",
    isValid: (value) => isScalar(value) || (Array.isArray(value) && value.length > 0 && value.every(isScalar)),
  },
  numeric: { expected: 'a comparison such as [">=", 1, "<", 10]', isValid: isNumeric },
};

/** Returns the number of values that an event's value may be compared with. */
function checkCondition(condition: unknown, path: string): number {
  if (isScalar(condition)) return 1;
  const [operator, ...more] = isObject(condition) ? Object.keys(condition) : [];
  if (operator === undefined || more.length > 0 || !Object.hasOwn(OPERANDS, operator))
    throw invalid(path, `a list of values or of objects with one of ${Object.keys(OPERANDS).join(", ")}`, condition);
  const operand = (condition as Record<string, unknown>)[operator];
  const { expected, isValid } = OPERANDS[operator]!;
  if (!isValid(operand)) throw invalid(`${path}.${operator}`, expected, operand);
  return Array.isArray(operand) ? operand.length : 1;
}

function check(value: unknown, path: string, depth: number): number {
  if (!isObject(value) || Object.keys(value).length === 0) throw invalid(path, "an object with fields", value);
  if (depth > MAX_DEPTH) throw new EventFilterError(path, `must be at most ${MAX_DEPTH} levels deep, got more`);
  let conditions = 0;
  for (const [field, pattern] of Object.entries(value)) {
    const fieldPath = `${path}.${field}`;
    if (field === OR && !Array.isArray(pattern)) throw invalid(fieldPath, "a list of filters", pattern);
    if (!Array.isArray(pattern)) conditions += check(pattern, fieldPath, depth + 1);
    else if (pattern.length === 0) throw new EventFilterError(fieldPath, "must be a non-empty list, got []");
    else if (field === OR) for (const filter of pattern as unknown[]) conditions += check(filter, fieldPath, depth + 1);
    else for (const condition of pattern as unknown[]) conditions += checkCondition(condition, fieldPath);
  }
  if (conditions > MAX_CONDITIONS)
    throw new EventFilterError(path, `must have at most ${MAX_CONDITIONS} conditions, got ${conditions}`);
  return conditions;
}

/**
 * Checks that a value is a filter.
 *
 * @throws {EventFilterError} When it is not; the message names the path.
 */
export function readEventFilter(value: unknown): EventFilter {
  check(value, "filter", 1);
  return value as EventFilter;
}

/** Returns what is wrong with a filter, as a sentence that begins with the path; undefined where nothing is. */
export function filterProblem(value: unknown): string | undefined {
  try {
    readEventFilter(value);
    return undefined;
  } catch (error) {
    if (error instanceof EventFilterError) return error.problem;
    throw error;
  }
}

function matches(condition: Condition, value: unknown): boolean {
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

function matchesAny(conditions: readonly Condition[], value: unknown): boolean {
  // Any member of a list may match, but `exists` is about the list itself.
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return conditions.some((condition) =>
    isObject(condition) && "exists" in condition
      ? matches(condition, value)
      : values.some((one) => matches(condition, one)),
  );
}

/** Returns whether a member of a list or of a list in it matches. It does not recurse, because the sender decides how deep lists are. */
function someMember(list: readonly unknown[], memberMatches: (member: unknown) => boolean): boolean {
  const lists = [list];
  for (let current = lists.pop(); current !== undefined; current = lists.pop())
    for (const member of current) {
      if (Array.isArray(member)) lists.push(member);
      else if (memberMatches(member)) return true;
    }
  return false;
}

/** Returns whether a payload matches a filter. Any member of a list of objects may match a nested filter. */
export function matchesFilter(filter: EventFilter, payload: unknown): boolean {
  if (Array.isArray(payload)) return someMember(payload, (member) => matchesFilter(filter, member));
  const fields = isObject(payload) ? payload : {};
  return Object.entries(filter).every(([field, pattern]) => {
    if (field === OR) return (pattern as readonly EventFilter[]).some((one) => matchesFilter(one, fields));
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    return Array.isArray(pattern)
      ? matchesAny(pattern as readonly Condition[], value)
      : matchesFilter(pattern as EventFilter, value);
  });
}
