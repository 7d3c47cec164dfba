import { describeSecret, exceedsJsonDepth, isObject, parseUntrustedJson, toAsciiLowerCase } from "@ghl-edge/core";
import { MethodNotAllowedError } from "../../errors.ts";
import { readText } from "../../http/body.ts";
import { fieldsProblem } from "../../http/form.ts";
import { demandBytes } from "../../options.ts";
import { WorkflowWebhookError } from "../errors.ts";
import { fieldsOfLists, type Lists, listsOf } from "../fields.ts";
import {
  standardFields,
  WEBHOOK_METHODS,
  type WorkflowWebhook,
  type WorkflowWebhookBody,
  type WorkflowWebhookMethod,
} from "./webhook.ts";

export const MAX_BODY_BYTES: number = 1024 * 1024;

/** Options of `parseWorkflowWebhook`. */
export interface ParseWorkflowWebhookOptions {
  /** Largest body in bytes. Default: 1 MiB (1,048,576). */
  readonly maxBodyBytes?: number;
  /** Names of query parameters to omit, such as the one with the secret. */
  readonly omitQuery?: readonly string[];
}

const isJson = (contentType: string): boolean => /[/+]json$/.test(contentType);
const isForm = (contentType: string): boolean => contentType === "application/x-www-form-urlencoded";

function boundedLists(pairs: URLSearchParams, what: "form" | "query"): Lists {
  const problem = fieldsProblem(pairs, what);
  if (problem !== undefined) throw new WorkflowWebhookError(problem);
  return listsOf(pairs);
}

/**
 * Reads the body. Users write a Custom Webhook's headers and body by hand, so these may contradict each other. The body decides, and the
 * content type counts only when the body is ambiguous.
 */
function bodyOf(text: string, contentType: string): WorkflowWebhookBody {
  if (text.trim() === "") return { kind: "none" };
  if (isJson(contentType) || /^\s*[[{]/.test(text)) {
    // Refused with any content type: read as text it would look intended.
    if (exceedsJsonDepth(text)) throw new WorkflowWebhookError("body must have at most 64 levels, got more");
    try {
      return { kind: "json", value: parseUntrustedJson(text) };
    } catch {
      // A merge field with a quotation mark causes this. Read as text it would look intended.
      if (isJson(contentType)) throw new WorkflowWebhookError(`body must be valid JSON, got ${describeSecret(text)}`);
    }
  }
  if (isForm(contentType)) return { kind: "form", fields: boundedLists(new URLSearchParams(text), "form") };
  return { kind: "text", text };
}

/**
 * Reads a request of a workflow's Webhook or Custom Webhook action: query, body, and the known fields of the Webhook action in any format.
 * It does not authenticate the sender: use `createWorkflowAuth`.
 *
 * @param request - The request, with an unread body
 * @param options - Size limit and parameters to omit
 * @returns The webhook
 * @throws {WorkflowWebhookError} when the body does not match its content type (`ERR_GHL_WORKFLOW_WEBHOOK`)
 * @throws {MethodNotAllowedError} for another method (`ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED`)
 * @throws {BodyTooLargeError} when the body is too large (`ERR_GHL_MARKETPLACE_BODY_TOO_LARGE`)
 * @throws {BodyUnreadableError} when the body was read before or is incomplete (`ERR_GHL_MARKETPLACE_BODY_UNREADABLE`)
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { parseWorkflowWebhook } from "@ghl-edge/marketplace/workflows";
 *
 * export async function receive(request: Request): Promise<string | undefined> {
 *   const { contact } = await parseWorkflowWebhook(request);
 *   return contact.email;
 * }
 * ```
 */
export async function parseWorkflowWebhook(
  request: Request,
  options: ParseWorkflowWebhookOptions = {},
): Promise<WorkflowWebhook> {
  const { maxBodyBytes = MAX_BODY_BYTES, omitQuery = [] } = options;
  demandBytes("maxBodyBytes", maxBodyBytes);
  if (!WEBHOOK_METHODS.some((method) => method === request.method))
    throw new MethodNotAllowedError(WEBHOOK_METHODS, request.method);
  const contentType = toAsciiLowerCase((request.headers.get("content-type") ?? "").split(";")[0]!.trim());
  const parameters = new URL(request.url).searchParams;
  for (const name of omitQuery) parameters.delete(name);
  const query = boundedLists(parameters, "query");
  const body = bodyOf(await readText(request, maxBodyBytes), contentType);
  const sent = body.kind === "json" ? body.value : body.kind === "form" ? fieldsOfLists(body.fields) : {};
  return {
    method: request.method as WorkflowWebhookMethod,
    query,
    contentType,
    body,
    ...standardFields(isObject(sent) ? sent : {}, fieldsOfLists(query)),
  };
}
