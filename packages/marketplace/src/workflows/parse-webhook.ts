import { exceedsJsonDepth, toAsciiLowerCase } from "@ghl-edge/core";
import { MethodNotAllowedError, WorkflowWebhookError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { parseForeignJson } from "../http/foreign-json.ts";
import { fieldsProblem } from "../http/form.ts";
import { demandBytes } from "../options.ts";
import { fieldsOfLists, isObject, type Lists, listsOf } from "./fields.ts";
import {
  standardFields,
  WEBHOOK_METHODS,
  type WorkflowWebhook,
  type WorkflowWebhookBody,
  type WorkflowWebhookMethod,
} from "./webhook.ts";

export const MAX_BODY_BYTES: number = 1024 * 1024;

export interface ParseWorkflowWebhookOptions {
  /** Default 1 MiB (1,048,576). */
  readonly maxBodyBytes?: number;
  /** Names of query parameters to leave out: the one with the secret. */
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
 * A Custom Webhook's headers and body are written by hand, so that they may disagree: the body decides what it is, the content type
 * only where that fails.
 */
function bodyOf(text: string, contentType: string): WorkflowWebhookBody {
  if (text.trim() === "") return { kind: "none" };
  if (isJson(contentType) || /^\s*[[{]/.test(text)) {
    // Refused whatever its content type says: as text it would only look as if it was meant.
    if (exceedsJsonDepth(text)) throw new WorkflowWebhookError("the body must not nest deeper than 64 levels");
    try {
      return { kind: "json", value: parseForeignJson(text) };
    } catch {
      // A merge field with a quotation mark in it does this; as text it would look as if it was meant.
      if (isJson(contentType)) throw new WorkflowWebhookError("the body is no JSON");
    }
  }
  if (isForm(contentType)) return { kind: "form", fields: boundedLists(new URLSearchParams(text), "form") };
  return { kind: "text", text };
}

/**
 * Reads a request of a workflow's Webhook or Custom Webhook action: query, body, and what the Webhook action is known to send,
 * whichever way it came. It does not ask who sent it: `createWorkflowAuth` does.
 *
 * @throws {WorkflowWebhookError | MethodNotAllowedError | BodyTooLargeError | BodyUnreadableError | ConfigurationError}
 */
export async function parseWorkflowWebhook(
  request: Request,
  options: ParseWorkflowWebhookOptions = {},
): Promise<WorkflowWebhook> {
  const { maxBodyBytes = MAX_BODY_BYTES, omitQuery = [] } = options;
  demandBytes("maxBodyBytes", maxBodyBytes);
  if (!WEBHOOK_METHODS.some((method) => method === request.method)) throw new MethodNotAllowedError(WEBHOOK_METHODS);
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
