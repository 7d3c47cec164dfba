import { readFile } from "node:fs/promises";
import { InvalidFieldsError, UnreadableFileError } from "../../errors.ts";
import { isObject, type Json } from "../../json/json.ts";
import { at, pointerOf, ROOT } from "../../json/pointer.ts";
import type { FieldPosition, FieldTexts } from "../ir/field-texts.ts";

/** The parts of a key: `contacts/Contact.tags`, `contacts/tags`, `tags`. */
const KEY = /^(?:(?<module>[a-z0-9-]+)\/(?:(?<schema>[A-Za-z_][\w-]*)\.)?)?(?<field>[^/\s]+)$/;

export interface FieldKey extends FieldPosition {
  readonly field: string;
}

/** Takes a key apart; undefined when it is none. */
export function readFieldKey(key: string): FieldKey | undefined {
  const groups = KEY.exec(key)?.groups;
  return groups?.field === undefined
    ? undefined
    : { module: groups.module, schema: groups.schema, field: groups.field };
}

/**
 * Reads what `fields.yaml` holds: a mapping of keys to a sentence, or to null where a less specific sentence would not be true.
 *
 * @param file - The name that errors give
 * @throws InvalidFieldsError when the value is no such mapping
 */
export function readFields(value: Json, file: string): FieldTexts {
  const fail = (message: string, key?: string): never => {
    throw new InvalidFieldsError(message, { file, pointer: pointerOf(key === undefined ? ROOT : at(ROOT, key)) });
  };
  if (!isObject(value)) return fail("fields must be a mapping of field names to sentences");
  const texts = new Map<string, string | undefined>();
  for (const [key, text] of Object.entries(value)) {
    if (readFieldKey(key) === undefined) fail("the key must be field, module/field or module/Schema.field", key);
    if (text !== null && (typeof text !== "string" || text.trim() === ""))
      fail("the text must be a sentence or null", key);
    texts.set(key, typeof text === "string" ? text : undefined);
  }
  return {
    keys: [...texts.keys()],
    fieldText(field, { module, schema } = {}) {
      // A field whose own name looks like a key of another position must not get that position's sentence.
      if (field.includes("/")) return undefined;
      const keys = [
        ...(module === undefined || schema === undefined ? [] : [`${module}/${schema}.${field}`]),
        ...(module === undefined ? [] : [`${module}/${field}`]),
        field,
      ];
      const key = keys.find((candidate) => texts.has(candidate));
      return key === undefined ? undefined : texts.get(key);
    },
  };
}

/**
 * Reads a `fields.yaml`. A file that is not there holds no sentence.
 *
 * @throws UnreadableFileError, InvalidFieldsError
 */
export async function loadFields(file: string): Promise<FieldTexts> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UnreadableFileError("cannot be read", { file }, { cause });
  });
  if (text === undefined) return readFields({}, file);
  const { parse } = await import("yaml");
  let value: Json;
  try {
    value = parse(text) as Json;
  } catch (cause) {
    throw new InvalidFieldsError(`file must be valid YAML: ${(cause as Error).message}`, { file }, { cause });
  }
  return readFields(value, file);
}
