import { answerFiles } from "virtual:answer-files";
import type { Observed } from "./observed.ts";
import type { Schema, Schemas } from "./schema.ts";

/** One generated file: what a server must know to answer the operations of a module. */
export interface AnswerFile {
  readonly operations: Readonly<Record<string, AnswerRow>>;
  readonly schemas: Schemas;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required: boolean;
  readonly schema: Schema;
}

export interface RequestBody {
  readonly media: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface AnswerRow {
  /** 2xx. */
  readonly status: number;
  /** Absent: nothing documented. */
  readonly answer?: Schema;
  /** `b` binary, `v` no content; default JSON. */
  readonly kind?: "b" | "v";
  readonly request?: RequestBody;
  readonly parameters?: readonly Parameter[];
  /** Shape of the recorded answers. Absent when none was recorded. */
  readonly observed?: Observed;
}

export interface Answer {
  readonly status: number;
  readonly kind: "json" | "binary" | "empty";
  /** Absent: the document describes no answer. */
  readonly schema: Schema | undefined;
  readonly schemas: Schemas;
  readonly request: RequestBody | undefined;
  readonly parameters: readonly Parameter[];
  readonly observed: Observed | undefined;
}

const KINDS = { b: "binary", v: "empty" } as const;

/** Returns the document's 2xx answer of an operation. The module's file is loaded at its first use. */
export async function loadAnswer(api: string, module: string, operationId: string): Promise<Answer> {
  const file = await answerFiles[`${api}/${module}`]?.();
  const row = file?.operations[operationId];
  if (file === undefined || row === undefined)
    throw new TypeError(`operation not found in the emulator's data: ${api}/${module} ${operationId}`);
  const kind = row.kind === undefined ? "json" : KINDS[row.kind];
  const { status, answer: schema, request, parameters = [], observed } = row;
  return { status, kind, schema, schemas: file.schemas, request, parameters, observed };
}
