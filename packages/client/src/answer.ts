import { errorOf } from "./api-errors.ts";
import type { CallContext } from "./errors.ts";
import type { OperationRow } from "./operation-table.ts";

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
): Promise<unknown> {
  const { ok, status } = response;
  if (ok && kind === "b") return response.blob();
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    if (ok) throw cause;
    // the status is known; what else it had to say is lost
    text = "";
  }
  if (ok && !text && (context.method !== "GET" || kind || status === 204 || status === 205)) return undefined;
  if (ok) {
    try {
      return JSON.parse(text);
    } catch {
      // falls through to the error
    }
  }
  throw errorOf(response, token ? text.replaceAll(token, "[token]") : text, context, nowMs);
}
