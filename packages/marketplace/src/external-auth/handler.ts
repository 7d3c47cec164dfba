import { ConfigurationError, ExternalAuthRejectedError, MethodNotAllowedError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { answerOrProblem, callOwn, checkReport, type ReportOptions } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { demandBytes } from "../options.ts";
import { type ExternalAuthParseOptions, parseExternalAuth, requiredFields } from "./parse.ts";
import type { ExternalAuthRequest } from "./request.ts";

const MAX_BODY_BYTES = 256 * 1024;
const METHODS = ["GET", "POST", "PUT", "PATCH"] as const;
/** @see https://marketplace.gohighlevel.com/docs/oauth/ExternalAuthentication/index.html (read 2026-11-21): the only successes. */
const SUCCESS = [200, 201, 202, 204] as const;

export interface ExternalAuthContext<Args extends readonly unknown[] = readonly unknown[]> {
  /** For its headers, where the portal's template puts credentials there. Its body has been read. */
  readonly request: Request;
  readonly args: Args;
}

export interface ExternalAuthHandlerOptions<
  Field extends string = never,
  Args extends readonly unknown[] = readonly unknown[],
> extends ExternalAuthParseOptions<Field>,
    ReportOptions {
  /** True lets the installation go on; anything else refuses it with 401, and what it throws with 500. */
  readonly verify: (
    request: ExternalAuthRequest<Field>,
    context: ExternalAuthContext<Args>,
  ) => boolean | Promise<boolean>;
  /** Default 200. */
  readonly successStatus?: (typeof SUCCESS)[number];
  /** Default 256 KiB (262,144). */
  readonly maxBodyBytes?: number;
}

/**
 * A handler for the authentication endpoint of your app's external auth (API key or basic), in the same form on Workers, Node, Deno
 * and Bun. Never rejects; only `true` from `verify` is a success.
 *
 * @throws {ConfigurationError} at once, when an option cannot be used.
 */
export function createExternalAuthHandler<
  Field extends string = never,
  Args extends readonly unknown[] = readonly unknown[],
>(options: ExternalAuthHandlerOptions<Field, Args>): (request: Request, ...args: Args) => Promise<Response> {
  const { maxBodyBytes = MAX_BODY_BYTES, successStatus = 200, verify } = options;
  if (typeof verify !== "function") throw new ConfigurationError("verify must be a function");
  demandBytes("maxBodyBytes", maxBodyBytes);
  checkReport(options);
  if (!SUCCESS.includes(successStatus)) throw new ConfigurationError("successStatus must be 200, 201, 202 or 204");
  requiredFields(options);

  async function handle(request: Request, args: Args): Promise<void> {
    if (!METHODS.some((method) => method === request.method)) throw new MethodNotAllowedError(METHODS);
    const parsed = parseExternalAuth(
      {
        query: new URL(request.url).searchParams,
        ...(request.method === "GET" ? {} : { body: await readText(request, maxBodyBytes) }),
        contentType: request.headers.get("content-type"),
      },
      options,
    );
    const accepted = await callOwn(() => verify(parsed, { request, args }));
    // A truthy object is not a yes: it may be somebody's `{ valid: false }`.
    if (accepted !== true) throw new ExternalAuthRejectedError("verify did not return true");
  }

  return (request, ...args) =>
    answerOrProblem(request, options, async () => {
      await handle(request, args);
      return successStatus === 204
        ? new Response(null, { status: 204, headers: { "cache-control": "no-store" } })
        : json({ success: true }, successStatus);
    });
}
