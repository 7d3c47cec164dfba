import { kindOf } from "../call/url.ts";
import { type CallContext, makeError } from "../errors/errors.ts";
import type { BodyContent, EncodingRow, OperationRow } from "../operation-table.ts";
import {
  asIs,
  deepPairs,
  encodeOf,
  isPlain,
  jsonOf,
  membersOf,
  type Pair,
  pairsOf,
  percent,
  textOf,
  Unwritable,
} from "./value.ts";

/** Body as it is sent, with its media type if `fetch` does not know it. */
export interface WrittenBody {
  readonly content: BodyContent;
  readonly type: string | undefined;
}

/** Call that a body is written for. */
export interface WriteBodyOptions {
  readonly context: CallContext;
  /** Headers of the caller; a `content-type` among them decides the media type. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

const isJson = (type: string | undefined): boolean => /^application\/([\w.+-]+\+)?json\b/.test(type ?? "");

/**
 * One field of a form. Without a notation of its own a list is repeated, and an object is written with brackets, which
 * is what servers read; JSON only where the document says so.
 */
function formPairs(name: string, value: unknown, encoding: EncodingRow | undefined): Pair[] {
  const encode = encodeOf(encoding ?? {});
  if (isJson(encoding?.t)) return [[percent(name), encode(jsonOf(value))]];
  if (encoding?.s) return pairsOf(name, value, { ...encoding, encode });
  const nested = isPlain(value) || (Array.isArray(value) && value.some((item) => isPlain(item) || Array.isArray(item)));
  return nested ? deepPairs(percent(name), value, encode) : pairsOf(name, value, { encode });
}

/** Adds the name of the field to the error of a value that cannot be written. */
function ofField<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw cause instanceof Unwritable ? new Unwritable(`field ${name} ${cause.message}`) : cause;
  }
}

function formOf(body: unknown, row: OperationRow): string {
  if (body instanceof URLSearchParams) return `${body}`;
  if (!isPlain(body)) throw new Unwritable(`must be an object or a URLSearchParams, got ${kindOf(body)}`);
  const pairs = membersOf(body).flatMap(([name, value]) => ofField(name, () => formPairs(name, value, row.e?.[name])));
  return pairs.map((pair) => pair.join("=")).join("&");
}

/** Files and texts as they are, a list repeated, an object as JSON (OpenAPI 3.1, section 4.8.15.1). */
function multipartOf(body: unknown, row: OperationRow): FormData {
  if (body instanceof FormData) return body;
  if (!isPlain(body)) throw new Unwritable(`must be an object or a FormData, got ${kindOf(body)}`);
  const form = new FormData();
  for (const [name, value] of membersOf(body)) ofField(name, () => appendField(form, [name, value], row.e?.[name]));
  return form;
}

function appendField(form: FormData, [name, value]: readonly [string, unknown], encoding: EncodingRow = {}): void {
  const { s: style, t: type } = encoding;
  if (style) {
    for (const [key, text] of pairsOf(name, value, { ...encoding, encode: asIs })) form.append(key, text);
    return;
  }
  for (const item of Array.isArray(value) && !isJson(type) ? value : [value]) {
    if (item instanceof Blob) form.append(name, item);
    else if (type && isJson(type)) form.append(name, new Blob([jsonOf(item)], { type }));
    else form.append(name, isPlain(item) || Array.isArray(item) ? jsonOf(item) : textOf(item));
  }
}

/** Bytes and texts are sent as they are given; a stream is not taken, because it cannot be sent again. */
function rawOf(body: unknown): BodyContent {
  if (typeof body === "string" || body instanceof Blob || body instanceof ArrayBuffer) return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice().buffer;
  throw new Unwritable(`must be text, a Blob, an ArrayBuffer or a view of one, got ${kindOf(body)}`);
}

/** The media type of a body sent as it is: the only one there is, or that of the Blob. */
function rawType(documented: string, body: unknown, { context, headers = {} }: WriteBodyOptions): string | undefined {
  const own = body instanceof Blob ? body.type : "";
  const fits = documented.split(",").some((type) => {
    const [kind, sub] = type.split("/");
    return type === own || ((sub === "*" || kind === "*") && own.startsWith(kind === "*" ? "" : `${kind}/`));
  });
  if (own && fits) return own;
  if (!/[,*]/.test(documented)) return documented;
  if (Object.keys(headers).some((name) => name.toLowerCase() === "content-type")) return undefined;
  throw makeError(
    "PARAMETER",
    `body must be a Blob of one of the types ${documented}, or come with content-type, got ${own || "neither"}`,
    {
      ...context,
      parameter: "body",
    },
  );
}

/** Encodes a body as its document says. Only `undefined` means no body. Throws for a value that cannot be written. */
export function writeBody(row: OperationRow, body: unknown, options: WriteBodyOptions): WrittenBody | undefined {
  const { b: kind, y: type } = row;
  if (!kind || body === undefined) return undefined;
  if (kind === "j") return { content: jsonOf(body), type: type ?? "application/json" };
  if (kind === "f") return { content: formOf(body, row), type: "application/x-www-form-urlencoded" };
  if (kind === "m") return { content: multipartOf(body, row), type: undefined };
  return { content: rawOf(body), type: rawType(type ?? "application/octet-stream", body, options) };
}
