import { MethodNotAllowedError, WorkflowAuthError } from "../errors.ts";
import { answerOrProblem, checkReport, type ReportOptions } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { demandBytes } from "../options.ts";
import { challengeOf, createWorkflowAuth, type WorkflowAuth } from "./auth.ts";
import { MAX_BODY_BYTES } from "./parse-webhook.ts";

/** What each of your functions gets beside what was sent. */
export interface WorkflowContext<Args extends readonly unknown[] = readonly unknown[]> {
  /** The request; its body has been read. */
  readonly request: Request;
  readonly args: Args;
}

export interface WorkflowHandlerOptions extends ReportOptions {
  readonly auth: WorkflowAuth;
  /** Default 1 MiB (1,048,576). */
  readonly maxBodyBytes?: number;
}

export type WorkflowHandler<Args extends readonly unknown[]> = (request: Request, ...args: Args) => Promise<Response>;

/**
 * What the handlers of this entry share: first the method, then the credentials, then the rest, so that a stranger learns nothing of
 * what is understood here. What `reply` gives is written as JSON.
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
      if (!methods.includes(request.method)) throw new MethodNotAllowedError(methods);
      if (!(await isAuthentic(request))) throw new WorkflowAuthError(challengeOf(auth));
      return json(await reply({ request, args }, maxBodyBytes), 200);
    });
}
