import { errorOf } from "./api-errors.ts";
import type { CallContext } from "./errors.ts";
import type { OperationRow } from "./operation-table.ts";

/**
 * Most characters that are read of an answer that is an error; HighLevel's own have some hundred, a proxy's HTML page may
 * have megabytes. More than an error keeps, so that a token that the answer quotes is not cut in two before it is removed.
 */
const MAX_ERROR_LENGTH = 65_536;

/**
 * Reads the text of an error answer, within a size. An answer that breaks off gives what came: its status is known. With
 * `isUnread` nothing is read, and the connection is free for another attempt.
 */
export async function readErrorText({ body }: Response, isUnread: boolean): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (reader && !isUnread && text.length < MAX_ERROR_LENGTH) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    reader?.cancel().catch(() => {});
  } catch {
    // the rest of what it had to say is lost
  }
  return text.slice(0, MAX_ERROR_LENGTH);
}

/**
 * Reads the answer of a named method. What decides is the status alone: 2xx is an answer, everything else an error.
 * 2xx without content is `undefined`, but for a GET, which was made for its content: an error unless the status (204,
 * 205) or the document (`n`) says that there may be none.
 */
export async function readAnswer(
  response: Response,
  kind: OperationRow["r"],
  token: string | null,
  context: CallContext,
  nowMs: () => number,
  errorText?: string,
): Promise<unknown> {
  const { ok, status } = response;
  if (ok && kind === "b") return response.blob();
  const text = errorText ?? (await response.text());
  if (ok) {
    if (!text && (context.method !== "GET" || kind || status === 204 || status === 205)) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      // falls through to the error
    }
  }
  throw errorOf(response, token ? text.replaceAll(token, "[token]") : text, context, nowMs);
}
