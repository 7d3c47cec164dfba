import { isObject, type Json } from "./json.ts";

/** A position in a document, stored as a chain so that walking costs nothing until somebody asks for the pointer. */
export interface Position {
  readonly parent: Position | undefined;
  readonly key: string;
}

export const ROOT: Position = { parent: undefined, key: "#" };

export function at(parent: Position, ...keys: (string | number)[]): Position {
  return keys.reduce<Position>((position, key) => ({ parent: position, key: String(key) }), parent);
}

/** JSON Pointer in URI fragment form, `#/paths/~1contacts~1/get` (RFC 6901, section 6; no percent-encoding). */
export function pointerOf(position: Position): string {
  const tokens: string[] = [];
  for (let step: Position | undefined = position; step?.parent !== undefined; step = step.parent) {
    tokens.push(escapeToken(step.key));
  }
  return ["#", ...tokens.reverse()].join("/");
}

export function escapeToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Tokens of `#/a/b~1c`, also percent-encoded ones; undefined for anything that is not a JSON Pointer fragment. */
export function parsePointer(pointer: string): string[] | undefined {
  if (pointer === "#" || pointer === "") return [];
  if (!pointer.startsWith("#/")) return undefined;
  try {
    return pointer
      .slice(2)
      .split("/")
      .map((token) => decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}

/** The value a pointer selects, undefined when there is none. */
export function resolvePointer(document: Json, pointer: string): Json | undefined {
  const tokens = parsePointer(pointer);
  if (tokens === undefined) return undefined;
  let value: Json | undefined = document;
  for (const token of tokens) {
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
    else if (isObject(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}
