import { isObject } from "@ghl-edge/core";
import { CHECKS, PAYLOAD_CHECKS } from "../generated/checks.gen.ts";
import type { WebhookEventName } from "../generated/events.gen.ts";
import type { Check } from "./check-table.ts";

/** One difference between a payload and the description of its event. */
export interface CheckIssue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

type Path = readonly PropertyKey[];

/** The position in the payload, and the list to which issues are added. */
interface Position {
  readonly path: Path;
  readonly issues: CheckIssue[];
}

const child = ({ path, issues }: Position, key: PropertyKey): Position => ({ path: [...path, key], issues });

const TYPES: Readonly<Record<string, string>> = {
  s: "string",
  n: "number",
  b: "boolean",
  o: "object",
  a: "array",
  "0": "null",
};

function letterOf(value: unknown): string {
  if (value === null) return "0";
  if (Array.isArray(value)) return "a";
  return { string: "s", number: "n", boolean: "b", object: "o" }[typeof value as string] ?? "";
}

/** `string or array`: the types that a check accepts. */
function expectedTypes(letters: string, array: boolean): string {
  const [plain = "", object] = letters.split("@");
  const types = [...`${plain}${object === undefined ? "" : "o"}`].map((letter) => TYPES[letter] ?? letter);
  return [...types, ...(array ? ["array"] : [])].join(" or ");
}

function mismatch(expected: string, value: unknown, path: Path): CheckIssue {
  return { message: `must be ${expected}, got ${TYPES[letterOf(value)] ?? typeof value}`, path };
}

function checkValue(value: unknown, check: Check, position: Position): void {
  if (check === "?") return;
  const [items, kinds = ""] = typeof check === "string" ? [undefined, check] : check;
  if (items !== undefined && Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkValue(item, items, child(position, index));
    return;
  }
  const [letters = "", name] = kinds.split("@");
  if (name !== undefined && isObject(value)) checkObject(value, name, position);
  else if (!letters.includes(letterOf(value)) || letterOf(value) === "")
    position.issues.push(mismatch(expectedTypes(kinds, items !== undefined), value, position.path));
}

function checkObject(object: Readonly<Record<string, unknown>>, name: string, position: Position): void {
  for (const [member, check] of Object.entries(CHECKS[name] ?? {})) {
    if (member === "<") {
      checkObject(object, String(check), position);
      continue;
    }
    const required = member.endsWith("!");
    const field = required ? member.slice(0, -1) : member;
    const value = Object.hasOwn(object, field) ? object[field] : undefined;
    // HighLevel sends null for missing values and documents it for hardly any field, so null counts as missing.
    if (value !== undefined && value !== null) checkValue(value, check, child(position, field));
    else if (required) position.issues.push({ message: "is required", path: [...position.path, field] });
  }
}

/** Returns the issues of one payload of the event; an empty list when it is valid. Undocumented fields are no issue. */
export function checkEvent(name: WebhookEventName, payload: unknown, path: Path = []): CheckIssue[] {
  if (!isObject(payload)) return [mismatch("object", payload, path)];
  const issues: CheckIssue[] = [];
  checkObject(payload, "Envelope", { path, issues });
  const body = PAYLOAD_CHECKS[name];
  if (body !== undefined) checkObject(payload, body, { path, issues });
  return issues;
}
