import { CHECKS, PAYLOAD_CHECKS } from "../generated/checks.gen.ts";
import type { WebhookEventName } from "../generated/events.gen.ts";
import { isRecord } from "../json.ts";
import type { Check } from "./check-table.ts";

export interface CheckIssue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

type Path = readonly PropertyKey[];

const KINDS: Readonly<Record<string, string>> = { s: "string", n: "number", b: "boolean", o: "object", "0": "null" };

function letterOf(value: unknown): string {
  if (value === null) return "0";
  if (Array.isArray(value)) return "a";
  return { string: "s", number: "n", boolean: "b", object: "o" }[typeof value as string] ?? "";
}

function mismatch(letters: string, array: boolean, path: Path): CheckIssue {
  const [plain = "", object] = letters.split("@");
  const kinds = [...`${plain}${object === undefined ? "" : "o"}`].map((letter) => KINDS[letter] ?? letter);
  return { message: `must be ${[...kinds, ...(array ? ["array"] : [])].join(" or ")}`, path };
}

function checkValue(value: unknown, check: Check, path: Path, issues: CheckIssue[]): void {
  if (check === "?") return;
  const [items, kinds = ""] = typeof check === "string" ? [undefined, check] : check;
  if (items !== undefined && Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkValue(item, items, [...path, index], issues);
    return;
  }
  const [letters = "", name] = kinds.split("@");
  if (name !== undefined && isRecord(value)) checkObject(value, name, path, issues);
  else if (!letters.includes(letterOf(value)) || letterOf(value) === "")
    issues.push(mismatch(kinds, items !== undefined, path));
}

function checkObject(object: Readonly<Record<string, unknown>>, name: string, path: Path, issues: CheckIssue[]): void {
  for (const [member, check] of Object.entries(CHECKS[name] ?? {})) {
    if (member === "<") {
      checkObject(object, String(check), path, issues);
      continue;
    }
    const required = member.endsWith("!");
    const field = required ? member.slice(0, -1) : member;
    const value = Object.hasOwn(object, field) ? object[field] : undefined;
    // HighLevel sends null for what it has not got, and says of hardly any field that it does: null counts as missing.
    if (value !== undefined && value !== null) checkValue(value, check, [...path, field], issues);
    else if (required) issues.push({ message: "is required", path: [...path, field] });
  }
}

/** Issues of one payload of the event; empty when it fits. Fields nobody documented are no issue. */
export function checkEvent(name: WebhookEventName, payload: unknown, path: Path = []): CheckIssue[] {
  if (!isRecord(payload)) return [mismatch("o", false, path)];
  const issues: CheckIssue[] = [];
  checkObject(payload, "Envelope", path, issues);
  const body = PAYLOAD_CHECKS[name];
  if (body !== undefined) checkObject(payload, body, path, issues);
  return issues;
}
