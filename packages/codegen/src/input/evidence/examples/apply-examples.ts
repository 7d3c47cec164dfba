import { InvalidEvidenceError } from "../../../errors.ts";
import { isObject, type Json, type JsonObject, setMember } from "../../../json/json.ts";
import { parsePointer, resolvePointer } from "../../../json/pointer.ts";
import { widen } from "../widen.ts";
import type { ExampleFindings } from "./example-shapes.ts";
import { usesAt, usesOf } from "./examples.ts";

/**
 * The document with every schema as wide as its examples. The input is left alone.
 *
 * A text that all examples show as an object is an object where only answers hold it; a request takes both.
 *
 * @param file - The file of the findings, as errors name it
 * @throws InvalidEvidenceError a finding names a schema that the document does not have
 */
export function applyExamples(input: JsonObject, findings: ExampleFindings, file: string): JsonObject {
  if (findings.size === 0) return input;
  const document = structuredClone(input);
  const uses = usesOf(document);
  // inner schemas first: a union around the outer one would move them
  const pointers = [...findings.keys()].sort((a, b) => b.length - a.length);
  for (const pointer of pointers) {
    const finding = findings.get(pointer);
    const schema = resolvePointer(document, pointer);
    if (finding === undefined || schema === undefined) {
      throw new InvalidEvidenceError("names a schema that the document does not have; run `ghl-codegen sync`", {
        file,
        pointer,
      });
    }
    const ways = usesAt(pointer, uses);
    replaceAt(document, pointer, widen(schema, finding, ways.size === 1 && ways.has("answer")));
  }
  return document;
}

function replaceAt(document: JsonObject, pointer: string, value: Json): void {
  const tokens = parsePointer(pointer) ?? [];
  const key = tokens.pop() ?? "";
  let parent: Json | undefined = document;
  for (const token of tokens) {
    parent = Array.isArray(parent) ? parent[Number(token)] : isObject(parent) ? parent[token] : undefined;
  }
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else if (isObject(parent)) setMember(parent, key, value);
}
