import type { Module, Operation, Schema } from "../ir/model.ts";
import type { Observed } from "../ir/observed.ts";
import { jsonBanner } from "./file.ts";

const SCHEMAS = "#/components/schemas/";

/**
 * `<module>.gen.json`: what a server must know to answer an operation, one operation or schema a line.
 *
 * @param observed - What recorded answers have, by operation id
 */
export function emitEmulatorFile(module: Module, observed: ReadonlyMap<string, Observed> = new Map()): string {
  const operations = Object.fromEntries(
    module.operations.map((operation) => [operation.id, row(operation, observed.get(operation.id))]),
  );
  const schemas = reachable(module, Object.values(operations));
  return `{\n"generated": ${JSON.stringify(jsonBanner(module.source))},\n"operations": ${lines(operations)},\n"schemas": ${lines(schemas)}\n}\n`;
}

interface EmulatorRow {
  /** 2xx status of the answer. */
  readonly status: number;
  /** Absent: nothing documented. */
  readonly answer?: Schema;
  /** `b` binary, `v` no content; default JSON. */
  readonly kind?: "b" | "v";
  readonly request?: { readonly media: string; readonly required: boolean; readonly schema: Schema };
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  /** Kinds in recorded answers. It is absent when no answer was recorded. */
  readonly observed?: Observed;
}

function row(operation: Operation, observed: Observed | undefined): EmulatorRow {
  const success = operation.responses.find(({ status }) => /^2\d\d$/.test(status));
  const { answer, body } = operation;
  const parameters = operation.parameters.map(({ name, in: where, required, schema }) => ({
    name,
    in: where,
    required,
    schema,
  }));
  return {
    status: answer.kind === "json" ? Number(answer.of[0]?.status) || 200 : Number(success?.status ?? 200),
    ...(answer.kind === "json" && answer.of[0] !== undefined ? { answer: answer.of[0].media.schema } : {}),
    ...(answer.kind === "binary" ? { kind: "b" as const } : answer.kind === "void" ? { kind: "v" as const } : {}),
    ...(body === undefined
      ? {}
      : { request: { media: body.chosen.type, required: body.required, schema: body.chosen.schema } }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(observed === undefined ? {} : { observed }),
  };
}

/** The schemas that rows reach, in the document's order. */
function reachable(module: Module, roots: readonly unknown[]): Record<string, Schema> {
  const seen = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [key, member] of Object.entries(value)) {
      if (key !== "$ref" || typeof member !== "string" || !member.startsWith(SCHEMAS)) visit(member);
      else {
        const name = schemaName(member);
        if (seen.has(name)) continue;
        seen.add(name);
        visit(module.schemas[name]);
      }
    }
  };
  visit(roots);
  return Object.fromEntries(Object.entries(module.schemas).filter(([name]) => seen.has(name)));
}

function schemaName(reference: string): string {
  const token = reference.slice(SCHEMAS.length).split("/")[0] ?? "";
  return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
}

function lines(map: Record<string, unknown>): string {
  const entries = Object.entries(map).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n}`;
}
