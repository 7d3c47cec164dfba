import type { Module, Notation, Operation, Pagination, Parameter } from "../../ir/model.ts";
import { propertyName } from "../text.ts";

/** Values that rows leave out, because most operations of the module have them. */
export interface TableDefaults {
  readonly version: string;
  readonly tokens: string;
}

export function tableDefaults(module: Module): TableDefaults {
  return {
    version: mostCommon(module.operations.map(({ version }) => version)),
    tokens: mostCommon(module.operations.map(({ tokens }) => tokens)),
  };
}

/** One row of the client's `OperationTable`, without what the table's defaults say already. */
export function operationRow(module: Module, operation: Operation, defaults: TableDefaults): Record<string, unknown> {
  const comma = operation.parameters.filter((parameter) => parameter.comma).map(({ name }) => name);
  return withoutUndefined({
    // The order is the one that compresses best: what many rows have in common stands together.
    // A fragment distinguishes paths in the document; in a URL it would swallow the query.
    p: operation.path.replace(/#.*$/, ""),
    s: operation.scopes.length === 0 ? undefined : operation.scopes,
    t: Object.keys(operation.tenant.fields).length === 0 ? undefined : operation.tenant.fields,
    b: operation.body?.encoding,
    m: operation.method === "GET" ? undefined : operation.method,
    v: operation.version === defaults.version ? undefined : operation.version,
    k: operation.tokens === defaults.tokens ? undefined : operation.tokens,
    r: module.highLevel ? answerLetter(operation) : otherApiAnswerLetter(operation),
    x: module.highLevel && comma.length > 0 ? comma : undefined,
    g: operation.pagination === undefined ? undefined : paginationRow(operation.pagination),
    ...(module.highLevel ? {} : otherApiMembers(operation)),
  });
}

/** Members of a row that only modules of other APIs have. HighLevel's modules need none. */
function otherApiMembers({ parameters, body, accepts, server }: Operation): Record<string, unknown> {
  const type = body?.types.join() ?? "";
  const usual = {
    j: "application/json",
    f: "application/x-www-form-urlencoded",
    m: type,
    r: "application/octet-stream",
  };
  const fields = Object.entries(body?.fields ?? {}).map(([name, field]) => [name, notationRow(field)]);
  const accept = accepts.join(", ");
  return {
    a: parameters.length === 0 ? undefined : parameters.map(parameterRow),
    y:
      body === undefined || type === usual[body.encoding] || (type === "*/*" && body.encoding === "j")
        ? undefined
        : type,
    e: fields.length === 0 ? undefined : Object.fromEntries(fields),
    o: accept === "application/json" || accept === "" ? undefined : accept,
    h: server,
  };
}

const PLACES = { path: "p", query: undefined, header: "h", cookie: "c" } as const;

function parameterRow({ name, member, in: position, notation }: Parameter): Record<string, unknown> {
  return withoutUndefined({
    n: name,
    i: PLACES[position],
    a: member === name ? undefined : member,
    ...notationRow(notation),
  });
}

function notationRow({ style, explode, reserved, type }: Notation & { type?: string }): Record<string, unknown> {
  return withoutUndefined({ s: style, e: explode, r: reserved, t: type });
}

/** Only a GET is expected to be answered with content, so only there a document that promises none matters. */
function answerLetter({ answer, method }: Operation): string | undefined {
  if (answer.kind === "binary") return "b";
  const mayBeEmpty = answer.kind !== "json" || answer.empty;
  return method === "GET" && mayBeEmpty ? "n" : undefined;
}

function otherApiAnswerLetter({ answer }: Operation): string | undefined {
  switch (answer.kind) {
    case "json":
      return answer.others.length > 0 ? "c" : answer.empty ? "n" : undefined;
    case "binary":
      return "b";
    case "events":
      return answer.blob ? "c" : "e";
    case "headers":
      return "h";
    case "void":
      return "n";
    case "unknown":
      return "u";
  }
}

function paginationRow(pagination: Pagination): Record<string, unknown> {
  return withoutUndefined({
    s: pagination.strategy,
    i: pagination.items,
    f: pagination.param,
    c: pagination.cursor,
    o: pagination.first === 1 ? undefined : pagination.first,
    t: pagination.total,
    m: pagination.more,
    w: pagination.inBody ? "b" : undefined,
    n: pagination.strings ? "s" : undefined,
  });
}

/** A row as a JavaScript literal on one line. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${propertyName(key)}: ${literal(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function withoutUndefined(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** The value that stands most often; the one met first wins a tie. */
function mostCommon(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = "";
  for (const [value, count] of counts) if (count > (counts.get(best) ?? 0)) best = value;
  return best;
}
