/**
 * Reads what an operator gives, by a request or by a service binding, whose types are another Worker's word. Whatever is not
 * as the OpenAPI document says is refused with its name.
 */
import { isResourceId, type Resource } from "../../domain/resource.ts";
import { GatewayError } from "../../platform/errors.ts";

const MAX_RESOURCES = 100;

export type Fields = Readonly<Record<string, unknown>>;

export function invalid(problem: string): GatewayError {
  return new GatewayError({ kind: "input_invalid", problem });
}

/** An object with these members and no other: a misspelt restriction must not do more than was meant. */
export function readMembers(what: string, value: unknown, names: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`${what} is an object`);
  if (!Object.keys(value).every((name) => names.includes(name)))
    throw invalid(`${what} has ${names.slice(0, -1).join(", ")} and ${names.at(-1)}, and nothing else`);
  return value as Fields;
}

export function readChoice<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  if (!choices.includes(value as Choice)) throw invalid(`${name} is one of ${choices.join(", ")}`);
  return value as Choice;
}

export function readBoolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalid(`${name} is true or false`);
  return value;
}

export function readWhole(
  name: string,
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max)
    throw invalid(`${name} is a whole number from ${min} to ${max}`);
  return value as number;
}

/** Text that is shown to operators: 1 to `max` characters, no controls. */
export function readText(name: string, value: unknown, max: number): string {
  if (typeof value !== "string" || value === "" || value.length > max || /\p{Cc}/u.test(value))
    throw invalid(`${name} is a text of 1 to ${max} characters`);
  return value;
}

/** A token of HighLevel's that can be sent in a header. */
export function readToken(value: unknown): string {
  if (typeof value !== "string" || !/^[\x21-\x7e]{8,4096}$/.test(value))
    throw invalid("token is a text of 8 to 4096 printable characters without spaces");
  return value;
}

/** What is read where it is there. */
export const optional = <Value>(value: unknown, read: (value: unknown) => Value): Value | undefined =>
  value === undefined ? undefined : read(value);

/** Undefined where it is left out. */
export function readList<Item>(
  name: string,
  value: unknown,
  { min, max, read }: { readonly min: number; readonly max: number; readonly read: (item: unknown) => Item },
): readonly Item[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length < min || value.length > max)
    throw invalid(`${name} is a list of ${min} to ${max}`);
  return value.map(read);
}

export const KINDS = ["location", "company"] as const;

/** `idName`: what the caller calls the id. */
export function readResource(value: unknown, idName = "id"): Resource {
  const { kind, id } = (typeof value === "object" && value !== null ? value : {}) as Fields;
  const known = readChoice("kind", kind, KINDS);
  if (known === undefined || typeof id !== "string" || !isResourceId(id))
    throw invalid(`a resource has the kind location or company and, as ${idName}, an id of HighLevel's`);
  return { kind: known, id };
}

/** Null: all of the app. */
export function readResources(value: unknown): readonly Resource[] | null {
  if (value === null) return null;
  return readList("resources", value, { min: 1, max: MAX_RESOURCES, read: (item) => readResource(item) }) ?? null;
}
