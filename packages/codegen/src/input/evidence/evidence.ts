import { describeValue, didYouMean } from "@ghl-edge/core";
import { InvalidEvidenceError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../json/json.ts";
import { at, type Position, pointerOf, ROOT } from "../../json/pointer.ts";
import { type Shape, type ShapePaths, shapeFromPaths } from "./shape/shape.ts";

/**
 * Strength of an observation. `recorded` means that exchanges with the live API were captured. `reported` means that
 * several independent sources agree, or that a tool derived the kinds from live records. `claimed` means that one author
 * says so.
 */
export type Sureness = "recorded" | "reported" | "claimed";

export const SURENESS: readonly Sureness[] = ["recorded", "reported", "claimed"];

/** Bodies that travelled in one direction. */
export interface Traffic {
  /** Number of answers or senders that the shape is made of; 0 when it is not known. */
  readonly count: number;
  readonly shape: Shape;
}

/** Observation of one operation by one source. It holds structure only: no value of any exchange. */
export interface Observation {
  /** Method and path template as HighLevel's documents write them: `GET /contacts/{contactId}`. */
  readonly operation: string;
  /** Names of the sources that saw it. */
  readonly sources: readonly string[];
  readonly sureness: Sureness;
  /** Day or days on which it was seen, as far as the source says it. */
  readonly date: string | undefined;
  /** The `Version` header of the exchanges; undefined when the source does not say it. */
  readonly version: string | undefined;
  /** Success statuses that were seen. */
  readonly status: readonly number[];
  readonly answers: Traffic | undefined;
  readonly requests: Traffic | undefined;
  /** Query parameters that were sent. */
  readonly query: readonly string[];
}

export const EVIDENCE_FORMAT = 1;

const FILE_KEYS = ["format", "observations"];
const KEYS = ["operation", "sources", "sureness", "date", "version", "status", "answers", "requests", "query"];
const TRAFFIC_KEYS = ["count", "paths"];
const OPERATION = /^(?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) \/\S*$/;

/**
 * Reads a parsed evidence file.
 *
 * @param value - The parsed JSON
 * @param file - Name of the file, for errors
 * @returns The observations of the file
 * @throws {InvalidEvidenceError} when the file is not in the format of evidence (`ERR_GHL_CODEGEN_EVIDENCE_INVALID`)
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseEvidence } from "@ghl-edge/codegen";
 *
 * const file = "openapi/evidence/contacts.json";
 * const observations = parseEvidence(JSON.parse(readFileSync(file, "utf8")), file);
 * ```
 * @see docs/design/evidence.md in the repository
 */
export function parseEvidence(value: Json, file: string): Observation[] {
  const read = new Reader(file);
  const root = read.object(value, ROOT, FILE_KEYS);
  if (root.format !== EVIDENCE_FORMAT)
    read.fail(`format must be ${EVIDENCE_FORMAT}, got ${describeValue(root.format)}`, at(ROOT, "format"));
  const position = at(ROOT, "observations");
  return read.list(root.observations, position).map((item, index) => observationOf(item, at(position, index), read));
}

function observationOf(value: Json, position: Position, read: Reader): Observation {
  const item = read.object(value, position, KEYS);
  const operation = read.text(item.operation, at(position, "operation"));
  if (!OPERATION.test(operation))
    read.fail(`operation must be a method and a path, got ${operation}`, at(position, "operation"));
  const sureness = SURENESS.find((known) => known === item.sureness);
  if (sureness === undefined)
    return read.refuse(`one of ${SURENESS.join(", ")}`, item.sureness, at(position, "sureness"));
  return {
    operation,
    sureness,
    sources: read.texts(item.sources, at(position, "sources")),
    date: item.date === undefined ? undefined : read.text(item.date, at(position, "date")),
    version: item.version === undefined ? undefined : read.text(item.version, at(position, "version")),
    status: read
      .list(item.status ?? [], at(position, "status"))
      .map((code, index) => read.number(code, at(position, "status", index))),
    answers: trafficOf(item.answers, at(position, "answers"), read),
    requests: trafficOf(item.requests, at(position, "requests"), read),
    query: read.texts(item.query ?? [], at(position, "query")),
  };
}

function trafficOf(value: Json | undefined, position: Position, read: Reader): Traffic | undefined {
  if (value === undefined) return undefined;
  const item = read.object(value, position, TRAFFIC_KEYS);
  const pathsPosition = at(position, "paths");
  const paths: Record<string, Record<string, number>> = {};
  for (const [path, kinds] of Object.entries(read.object(item.paths, pathsPosition))) {
    const here = at(pathsPosition, path);
    paths[path] = Object.fromEntries(
      Object.entries(read.object(kinds, here)).map(([kind, times]) => [kind, read.number(times, at(here, kind))]),
    );
  }
  return { count: read.number(item.count, at(position, "count")), shape: shapeOrFail(paths, pathsPosition, read) };
}

function shapeOrFail(paths: ShapePaths, position: Position, read: Reader): Shape {
  try {
    return shapeFromPaths(paths);
  } catch (cause) {
    return read.fail((cause as Error).message, position);
  }
}

/** Takes a parsed file apart, and says where it is not what it should be. */
class Reader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  fail(message: string, position: Position): never {
    throw new InvalidEvidenceError(message, { file: this.#file, pointer: pointerOf(position) });
  }

  refuse(expected: string, value: Json | undefined, position: Position): never {
    return this.fail(`must be ${expected}, got ${describeValue(value)}`, position);
  }

  object(value: Json | undefined, position: Position, keys?: readonly string[]): JsonObject {
    if (!isObject(value)) return this.refuse("an object", value, position);
    for (const key of keys === undefined ? [] : Object.keys(value))
      if (!keys?.includes(key)) this.fail(`unknown field "${key}"${didYouMean(key, keys ?? [])}`, position);
    return value;
  }

  list(value: Json | undefined, position: Position): Json[] {
    return Array.isArray(value) ? value : this.refuse("an array", value, position);
  }

  text(value: Json | undefined, position: Position): string {
    return typeof value === "string" && value !== "" ? value : this.refuse("a non-empty string", value, position);
  }

  texts(value: Json | undefined, position: Position): string[] {
    return this.list(value, position).map((item, index) => this.text(item, at(position, index)));
  }

  number(value: Json | undefined, position: Position): number {
    const isCount = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    return isCount ? value : this.refuse("a non-negative integer", value, position);
  }
}
