import { NotParsableError } from "../../errors.ts";
import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { decodeText } from "../load/text.ts";
import type { Exchange, Recording } from "./exchange.ts";

/**
 * Reads a HAR file, a JSON array of exchanges, or JSON lines: `{ method, url, status, request, response }`, where bodies are
 * JSON or its text, and `version` and `date` may stand beside them.
 *
 * @throws NotParsableError the line that is none of these
 */
export function readRecording(bytes: Uint8Array | string, file: string): Recording {
  const text = decodeText(bytes, file);
  const whole = parsed(text);
  if (isObject(whole) && isObject(whole.log)) {
    const exchanges = arrayAt(whole.log.entries).filter(isObject).map(fromHar);
    return { exchanges, logLines: 0 };
  }
  const rows = whole === undefined ? linesOf(text, file) : Array.isArray(whole) ? whole : [whole];
  const exchanges: Exchange[] = [];
  let logLines = 0;
  for (const [index, row] of rows.entries()) {
    if (isObject(row) && typeof row.what === "string" && row.url === undefined) logLines += 1;
    else exchanges.push(fromRow(row, index + 1, file));
  }
  return { exchanges, logLines };
}

function linesOf(text: string, file: string): Json[] {
  const rows: Json[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = parsed(line);
    if (row === undefined) throw new NotParsableError(`line ${index + 1} must be JSON`, { file });
    rows.push(row);
  }
  return rows;
}

function fromRow(row: Json, line: number, file: string): Exchange {
  const { method, url, status, version, date, request, response } = objectAt(row);
  if (typeof method !== "string" || typeof url !== "string" || typeof status !== "number") {
    throw new NotParsableError(
      `entry ${line} must be an exchange with method, url and status, or the file must be a HAR file`,
      { file },
    );
  }
  return {
    method,
    url,
    status,
    version: textOf(version),
    date: dayOf(date),
    request: typeof request === "string" ? (parsed(request) ?? request) : request,
    response: typeof response === "string" ? (parsed(response) ?? response) : response,
  };
}

function fromHar(entry: JsonObject): Exchange {
  const request = objectAt(entry.request);
  const response = objectAt(entry.response);
  const version = arrayAt(request.headers)
    .filter(isObject)
    .find(({ name }) => String(name).toLowerCase() === "version")?.value;
  return {
    method: String(request.method ?? ""),
    url: String(request.url ?? ""),
    status: Number(response.status ?? 0),
    version: textOf(version),
    date: dayOf(entry.startedDateTime),
    request: harRequest(objectAt(request.postData)),
    response: harContent(objectAt(response.content)),
  };
}

function harRequest({ mimeType, text, params }: JsonObject): Json | undefined {
  if (/json/i.test(String(mimeType))) return typeof text === "string" ? parsed(text) : undefined;
  const fields = arrayAt(params).filter(isObject);
  if (fields.length > 0) return Object.fromEntries(fields.map(({ name }) => [String(name), ""]));
  if (!/x-www-form-urlencoded/i.test(String(mimeType)) || typeof text !== "string") return undefined;
  return Object.fromEntries([...new URLSearchParams(text).keys()].map((name) => [name, ""]));
}

function harContent({ mimeType, text, encoding }: JsonObject): Json | undefined {
  if (typeof text !== "string" || !/json/i.test(String(mimeType))) return undefined;
  return parsed(encoding === "base64" ? Buffer.from(text, "base64").toString("utf8") : text);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function dayOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? /^\d{4}-\d{2}-\d{2}/.exec(value)?.[0] : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
