import { ConfigurationError, MethodNotAllowedError, WorkflowAuthError } from "../errors.ts";
import { answerOrProblem, type OnError } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { challengeOf, createWorkflowAuth, type WorkflowAuth } from "./auth.ts";
import { MAX_BODY_BYTES } from "./parse-webhook.ts";

/** What each of your functions gets beside what was sent. */
export interface WorkflowContext<Args extends readonly unknown[] = readonly unknown[]> {
  /** The request; its body has been read. */
  readonly request: Request;
  readonly args: Args;
}

export interface WorkflowHandlerOptions {
  readonly auth: WorkflowAuth;
  /** Told of every refusal and failure, for the log. What it throws is ignored. */
  readonly onError?: OnError;
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
  const { auth, onError, maxBodyBytes = MAX_BODY_BYTES } = options;
  if (!(maxBodyBytes > 0)) throw new ConfigurationError("maxBodyBytes must be more than 0");
  const isAuthentic = createWorkflowAuth(auth);
  return (request, ...args) =>
    answerOrProblem(request, onError, async () => {
      if (!methods.includes(request.method)) throw new MethodNotAllowedError(methods);
      if (!(await isAuthentic(request))) throw new WorkflowAuthError(challengeOf(auth));
      return json(await reply({ request, args }, maxBodyBytes), 200);
    });
}
