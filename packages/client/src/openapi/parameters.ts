import { didYouMean, isSendableHeader } from "@ghl-edge/core";
import type { Params } from "../call/url.ts";
import { type CallContext, type GhlError, makeError } from "../errors/errors.ts";
import type { OperationRow, ParameterRow } from "../operation-table.ts";
import { asIs, encodeOf, isPlain, jsonOf, type Pair, pairsOf, partsOf, percent, Unwritable } from "./value.ts";

/** Everything of a call but its body. */
export interface WrittenParameters {
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The value in a path, by the styles `simple`, `label` and `matrix` (RFC 6570, sections 3.2.2, 3.2.5 and 3.2.7). */
function pathText(row: ParameterRow, value: unknown): string {
  const { n: name, s: style = "simple", e: explode = false } = row;
  if (style === "json") return percent(jsonOf(value));
  const parts = partsOf(value, percent, explode ? "=" : "");
  if (style === "label") return parts.length ? `.${parts.join(explode ? "." : ",")}` : "";
  if (style !== "matrix") return parts.join();
  if (!explode) return parts.length ? `;${percent(name)}=${parts.join()}` : "";
  return parts.map((part) => (isPlain(value) ? `;${part}` : `;${percent(name)}=${part}`)).join("");
}

function headerText({ n, s, e }: ParameterRow, value: unknown): string {
  const text = s === "json" ? jsonOf(value) : partsOf(value, asIs, e ? "=" : "").join();
  if (!isSendableHeader(n, text)) throw new Unwritable("holds a character that no header can carry");
  return text;
}

/** A path with its values. A segment that is empty, `.` or `..` would lead to another operation. */
function pathOf(template: string, texts: ReadonlyMap<string, string>, context: CallContext): string {
  return template
    .split("/")
    .map((segment) => {
      const filled = segment.replace(/{([^}]+)}/g, (_, name: string) => texts.get(name) ?? "");
      if (filled !== segment && /^\.{0,2}$/.test(filled))
        throw fault(
          segment,
          `must be a path segment other than "", "." and "..", got ${JSON.stringify(filled)}`,
          context,
        );
      return filled;
    })
    .join("/");
}

function fault(parameter: string, what: string, context: CallContext): GhlError {
  return makeError("PARAMETER", `${parameter} ${what}`, { ...context, parameter });
}

/**
 * Writes the parameters of one call where and as its document says. `undefined` and `null` are left out; whatever cannot
 * be written as it is documented is refused by name, and so is a parameter that the operation does not have.
 */
export function writeParameters(
  { p: path, a: rows = [], b: hasBody }: OperationRow,
  params: Params,
  context: CallContext,
): WrittenParameters {
  const inPath = new Map<string, string>();
  const query: Pair[] = [];
  const cookies: Pair[] = [];
  const headers: Record<string, string> = {};
  const known = new Set(hasBody ? ["body"] : []);
  for (const row of rows) {
    const name = row.a ?? row.n;
    // a parameter may be called constructor
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    known.add(name);
    try {
      if (value == null) {
        if (row.i === "p") throw new Unwritable("is missing");
      } else if (row.i === "p") inPath.set(row.n, pathText(row, value));
      else if (row.i === "h") headers[row.n] = headerText(row, value);
      else (row.i ? cookies : query).push(...pairsOf(row.n, value, { ...row, encode: encodeOf(row) }));
    } catch (cause) {
      throw fault(
        name,
        cause instanceof Unwritable
          ? cause.message
          : `must be writable, got a value that throws ${(cause as Error).name}`,
        context,
      );
    }
  }
  for (const name in params) {
    if (params[name] !== undefined && !known.has(name))
      throw makeError("PARAMETER", `unknown parameter "${name}"${didYouMean(name, known)}`, {
        ...context,
        parameter: name,
      });
  }
  if (cookies.length > 0) headers.cookie = cookies.map((pair) => pair.join("=")).join("; ");
  const url = pathOf(path, inPath, context);
  const mark = url.includes("?") ? "&" : "?";
  const search = query.map((pair) => pair.join("=")).join("&");
  return { url: search ? `${url}${mark}${search}` : url, headers };
}
