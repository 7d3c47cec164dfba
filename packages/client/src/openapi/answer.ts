import { readAnswer } from "../answer.ts";
import type { CallOptions } from "../call-options.ts";
import type { Core } from "../client-options.ts";
import { type CallContext, makeError } from "../errors.ts";
import type { ReadAnswer } from "../exchange.ts";
import type { OperationRow } from "../operation-table.ts";
import { readRateLimit } from "../rate-limit-headers.ts";
import { eventStream } from "./event-stream.ts";

const JSON_TYPE = /^(application|text)\/([\w.+-]+\+)?json(?!-seq)\b/i;

/** Reads an answer as its document says, or by its media type where the document leaves more than one kind. */
export async function readDocumented(
  core: Core,
  { r: kind }: OperationRow,
  context: CallContext,
  options: CallOptions,
  [response, token, text]: Parameters<ReadAnswer<unknown>>,
): Promise<unknown> {
  const { ok, status, headers } = response;
  if (!ok || !kind || kind === "b" || kind === "n") return readAnswer(response, kind, token, context, core.now, text);
  if (kind === "h") return headers;
  const type = headers.get("content-type") ?? "";
  if (/^text\/event-stream\b/i.test(type)) return eventStream(response, options.signal, context);
  if (kind === "u")
    return type && !/^text\//i.test(type) && !JSON_TYPE.test(type) ? response.blob() : anything(response);
  // an answer that says nothing of its kind is read as JSON
  if (kind === "c") {
    return !type || JSON_TYPE.test(type) ? readAnswer(response, "n", token, context, core.now) : response.blob();
  }
  await response.body?.cancel();
  const message = `${context.method} ${context.path} was answered ${status}: ${type || "no type"} is no event stream`;
  const messages = ["no event stream"];
  throw makeError("INVALID_RESPONSE", message, context, { status, messages, rateLimit: readRateLimit(response) });
}

/** Where nothing is documented anything may come: JSON, another text, or nothing. */
async function anything(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
