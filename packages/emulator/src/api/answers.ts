import { answerFiles } from "virtual:answer-files";
import type { Schema, Schemas } from "./schema.ts";

/** One generated file: what a server must know to answer the operations of a module. */
export interface AnswerFile {
  readonly operations: Readonly<Record<string, AnswerRow>>;
  readonly schemas: Schemas;
}

interface AnswerRow {
  /** 2xx. */
  readonly status: number;
  /** Absent: nothing documented. */
  readonly answer?: Schema;
  /** `b` binary, `v` no content; default JSON. */
  readonly kind?: "b" | "v";
}

export interface Answer {
  readonly status: number;
  readonly kind: "json" | "binary" | "empty";
  /** Absent: the document describes no answer. */
  readonly schema: Schema | undefined;
  readonly schemas: Schemas;
}

const KINDS = { b: "binary", v: "empty" } as const;

/** What the document says of the 2xx answer of an operation. Loads the module's file with its first use. */
export async function loadAnswer(api: string, module: string, operationId: string): Promise<Answer> {
  const file = await answerFiles[`${api}/${module}`]?.();
  const row = file?.operations[operationId];
  if (file === undefined || row === undefined)
    throw new TypeError(`The emulator's data has no ${api}/${module} ${operationId}`);
  const kind = row.kind === undefined ? "json" : KINDS[row.kind];
  return { status: row.status, kind, schema: row.answer, schemas: file.schemas };
}
