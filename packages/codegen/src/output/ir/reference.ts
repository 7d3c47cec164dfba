import { UnresolvedReferenceError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../json/json.ts";
import { at, type Position, pointerOf, resolvePointer } from "../../json/pointer.ts";
import { walkSchema } from "../../json/walk.ts";
import type { Schema } from "./model.ts";

/** The document being built, for resolving references and for naming positions in errors. */
export interface Context {
  readonly document: JsonObject;
  readonly file: string;
  /** The document is HighLevel's: what tenants, versions and token types mean holds, and its core serves it. */
  readonly highLevel: boolean;
}

const SCHEMAS = "#/components/schemas/";

/** Follows `$ref`s of parameters, bodies and responses; a chain longer than any real one is a circle. */
export function deref(context: Context, value: Json | undefined, position: Position): JsonObject {
  let current = value;
  for (let hops = 0; hops < 20; hops++) {
    if (!isObject(current)) break;
    if (typeof current.$ref !== "string") return current;
    current = resolvePointer(context.document, current.$ref);
  }
  throw new UnresolvedReferenceError("reference target not found", {
    file: context.file,
    pointer: pointerOf(position),
  });
}

/** Every reference of a schema must point into the schemas of the same document: nothing else is emitted. */
export function checkReferences(context: Context, schema: Json | undefined, position: Position): void {
  walkSchema(schema, position, (visited, here) => {
    if (typeof visited.$ref !== "string") return;
    if (visited.$ref.startsWith(SCHEMAS) && resolvePointer(context.document, visited.$ref) !== undefined) return;
    throw new UnresolvedReferenceError(`schema ${visited.$ref} not found in this document`, {
      file: context.file,
      pointer: pointerOf(at(here, "$ref")),
    });
  });
}

/** The schema itself, or the one it refers to. */
export function resolveSchema(document: JsonObject, schema: Json | undefined): JsonObject | undefined {
  let current = schema;
  for (let hops = 0; hops < 20 && isObject(current); hops++) {
    if (typeof current.$ref !== "string") return current;
    current = resolvePointer(document, current.$ref);
  }
  return undefined;
}

/** A schema that is not there says nothing: `true`, which is `unknown` in TypeScript. */
export function asSchema(schema: Json | undefined): Schema {
  return isObject(schema) || typeof schema === "boolean" ? schema : true;
}
