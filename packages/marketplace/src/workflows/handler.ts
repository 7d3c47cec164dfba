import { MethodNotAllowedError } from "../errors.ts";
import { answerOrProblem, checkReport, type ReportOptions } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { demandBytes } from "../options.ts";
import { challengeOf, createWorkflowAuth, type WorkflowAuth } from "./auth.ts";
import { WorkflowAuthError } from "./errors.ts";
import { MAX_BODY_BYTES } from "./webhook/parse-webhook.ts";

/** Second argument of your functions. */
export interface WorkflowContext<Args extends readonly unknown[] = readonly unknown[]> {
  /** The request. Its body has been read. */
  readonly request: Request;
  /** The arguments of the handler after the request. */
  readonly args: Args;
}

/** Options that all handlers of workflow requests share. */
export interface WorkflowHandlerOptions extends ReportOptions {
  /** Authentication of the requests. */
  readonly auth: WorkflowAuth;
  /** Largest body in bytes. Default: 1 MiB (1,048,576). */
  readonly maxBodyBytes?: number;
}

/** A handler: takes the request and the further arguments of the runtime, and returns the response. It never rejects. */
export type WorkflowHandler<Args extends readonly unknown[]> = (request: Request, ...args: Args) => Promise<Response>;

/**
 * Creates a handler. It checks the method, then the credentials, then the rest, so that a stranger learns nothing about the supported calls.
 * It writes the result of `reply` as JSON.
 */
export function workflowHandler<Args extends readonly unknown[]>(
  options: WorkflowHandlerOptions,
  methods: readonly string[],
  reply: (context: WorkflowContext<Args>, maxBodyBytes: number) => Promise<object>,
): WorkflowHandler<Args> {
  const { auth, maxBodyBytes = MAX_BODY_BYTES } = options;
  demandBytes("maxBodyBytes", maxBodyBytes);
  checkReport(options);
  const isAuthentic = createWorkflowAuth(auth);
  return (request, ...args) =>
    answerOrProblem(request, options, async () => {
      if (!methods.includes(request.method)) throw new MethodNotAllowedError(methods, request.method);
      if (!(await isAuthentic(request))) throw new WorkflowAuthError(challengeOf(auth));
      return json(await reply({ request, args }, maxBodyBytes), 200);
    });
}
