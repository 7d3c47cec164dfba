import { type ErrorSource, errorOf } from "../errors/api-errors.ts";
import type { OperationRow } from "../operation-table.ts";

/**
 * Makes the call's result from an answer of any status that is not retried. `text` is the text of an error answer. It is
 * absent for a 2xx, of which nothing is read yet.
 */
export type ReadAnswer<T> = (response: Response, token: string | null, text?: string) => Promise<T>;

/**
 * Upper bound of characters read from an error answer. HighLevel's answers have some hundred, the HTML page of a proxy may
 * have megabytes. It exceeds what an error keeps, so that a quoted token is removed before the text is cut.
 */
const MAX_ERROR_LENGTH = 65_536;

/**
 * Reads the text of an error answer, up to a size. If the connection breaks, the text received so far is returned, because the
 * status is known. With `isUnread` it reads nothing and frees the connection for another attempt.
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
