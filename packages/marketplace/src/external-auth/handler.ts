import { describeSecret, describeValue } from "@ghl-edge/core";
import { ConfigurationError, MethodNotAllowedError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { answerOrProblem, callAppFunction, checkReport, type ReportOptions } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { demandBytes } from "../options.ts";
import { ExternalAuthRejectedError } from "./errors.ts";
import { type ExternalAuthParseOptions, parseExternalAuth, requiredFields } from "./parse.ts";
import type { ExternalAuthRequest } from "./request.ts";

const MAX_BODY_BYTES = 256 * 1024;
const METHODS = ["GET", "POST", "PUT", "PATCH"] as const;
/** @see https://marketplace.gohighlevel.com/docs/oauth/ExternalAuthentication/index.html (read 2026-11-21): the only successes. */
const SUCCESS = [200, 201, 202, 204] as const;

/** Second argument of `verify`. */
export interface ExternalAuthContext<Args extends readonly unknown[] = readonly unknown[]> {
  /** The request, for credentials in its headers. Its body has been read. */
  readonly request: Request;
  /** The arguments of the handler after the request. */
  readonly args: Args;
}

/** Options of `createExternalAuthHandler`. */
export interface ExternalAuthHandlerOptions<
  Field extends string = never,
  Args extends readonly unknown[] = readonly unknown[],
> extends ExternalAuthParseOptions<Field>,
    ReportOptions {
  /** Checks the credentials. Only true continues the installation. Any other value refuses it with 401, and an error with 500. */
  readonly verify: (
    request: ExternalAuthRequest<Field>,
    context: ExternalAuthContext<Args>,
  ) => boolean | Promise<boolean>;
  /** Status of a successful response. Default: 200. */
  readonly successStatus?: (typeof SUCCESS)[number];
  /** Largest body in bytes. Default: 256 KiB (262,144). */
  readonly maxBodyBytes?: number;
}

/**
 * Creates a handler for the authentication endpoint of your app's external auth (API key or basic), for Workers, Node, Deno and Bun.
 *
 * @param options - Your check of the credentials
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://marketplace.gohighlevel.com/docs/oauth/ExternalAuthentication/index.html (read 2026-11-21)
 * @example
 * ```ts
 * import { createExternalAuthHandler } from "@ghl-edge/marketplace/external-auth";
 *
 * const authenticate = createExternalAuthHandler({
 *   fields: ["api_key"],
 *   verify: ({ fields }) => fields.api_key === "expected",
 * });
 *
 * export default { fetch: authenticate };
 * ```
 */
export function createExternalAuthHandler<
  Field extends string = never,
  Args extends readonly unknown[] = readonly unknown[],
>(options: ExternalAuthHandlerOptions<Field, Args>): (request: Request, ...args: Args) => Promise<Response> {
  const { maxBodyBytes = MAX_BODY_BYTES, successStatus = 200, verify } = options;
  if (typeof verify !== "function")
    throw new ConfigurationError(`verify must be a function, got ${describeValue(verify)}`);
  demandBytes("maxBodyBytes", maxBodyBytes);
  checkReport(options);
  if (!SUCCESS.includes(successStatus))
    throw new ConfigurationError(`successStatus must be 200, 201, 202 or 204, got ${describeValue(successStatus)}`);
  requiredFields(options);

  async function handle(request: Request, args: Args): Promise<void> {
    if (!METHODS.some((method) => method === request.method)) throw new MethodNotAllowedError(METHODS, request.method);
    const parsed = parseExternalAuth(
      {
        query: new URL(request.url).searchParams,
        ...(request.method === "GET" ? {} : { body: await readText(request, maxBodyBytes) }),
        contentType: request.headers.get("content-type"),
      },
      options,
    );
    const accepted = await callAppFunction(() => verify(parsed, { request, args }));
    // A truthy object does not count: it may be `{ valid: false }`.
    if (accepted !== true)
      throw new ExternalAuthRejectedError(`verify must return true, got ${describeSecret(accepted)}`);
  }

  return (request, ...args) =>
    answerOrProblem(request, options, async () => {
      await handle(request, args);
      return successStatus === 204
        ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } })
        : json({ success: true }, successStatus);
    });
}
