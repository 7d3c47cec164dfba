import { answerReader, type ReadAnswer } from "../call/answer.ts";
import type { CallOptions } from "../call-options.ts";
import type { ClientSettings } from "../client-options.ts";
import { type CallContext, makeError } from "../errors/errors.ts";
import { readRateLimit } from "../errors/rate-limit-headers.ts";
import type { OperationRow } from "../operation-table.ts";
import { eventStream } from "./event-stream.ts";

const JSON_TYPE = /^(application|text)\/([\w.+-]+\+)?json(?!-seq)\b/i;

/** Context in which the answers of an operation are read. */
export interface DocumentedCall {
  readonly core: ClientSettings;
  readonly context: CallContext;
  readonly options: CallOptions;
}

/** Makes the reader of an operation's answers: by its document, or by the media type where the document leaves a choice. */
export function documentedReader(
  { r: kind }: OperationRow,
  { core, context, options }: DocumentedCall,
): ReadAnswer<unknown> {
  const readAs = (as: OperationRow["r"]): ReadAnswer<unknown> => answerReader(as, { context, now: core.now });
  return async (response, token, text) => {
    const { ok, status, headers } = response;
    if (!ok || !kind || kind === "b" || kind === "n") return readAs(kind)(response, token, text);
    if (kind === "h") return headers;
    const type = headers.get("content-type") ?? "";
    if (/^text\/event-stream\b/i.test(type)) return eventStream(response, options.signal, context);
    if (kind === "u")
      return type && !/^text\//i.test(type) && !JSON_TYPE.test(type) ? response.blob() : anything(response);
    // An answer without a media type is read as JSON.
    if (kind === "c") {
      return !type || JSON_TYPE.test(type) ? readAs("n")(response, token) : response.blob();
    }
    await response.body?.cancel();
    const what = "content-type must be text/event-stream";
    const message = `${context.method} ${context.path} was answered ${status}: ${what}, got ${type || "none"}`;
    const messages = [what];
    throw makeError("INVALID_RESPONSE", message, { ...context, status, messages, rateLimit: readRateLimit(response) });
  };
}

/** Reads an answer without documentation: JSON, another text, or nothing. */
async function anything(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
