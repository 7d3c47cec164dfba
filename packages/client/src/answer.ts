import { type ErrorSource, errorOf } from "./api-errors.ts";
import type { ReadAnswer } from "./exchange.ts";
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
    // The rest of the answer is lost. What came is still of use.
  }
  return text.slice(0, MAX_ERROR_LENGTH);
}

/**
 * Makes the reader of a named method's answers. The status alone decides: 2xx is an answer, everything else an error.
 * A 2xx without content is `undefined`. For a GET it is an error, unless the status (204, 205) or the document (`n`) allows
 * an answer without content.
 */
export function answerReader(kind: OperationRow["r"], source: ErrorSource): ReadAnswer<unknown> {
  return async (response, token, errorText) => {
    const { ok, status } = response;
    if (ok && kind === "b") return response.blob();
    const text = errorText ?? (await response.text());
    if (ok) {
      if (!text && (source.context.method !== "GET" || kind || status === 204 || status === 205)) return undefined;
      try {
        return JSON.parse(text);
      } catch {
        // It is not JSON: the error below says so.
      }
    }
    throw errorOf(response, token ? text.replaceAll(token, "[token]") : text, source);
  };
}
