import { WorkerEntrypoint } from "cloudflare:workers";
import type { Hono } from "hono";
import type * as v from "valibot";
import { type BindingProps, readBindingProps } from "./domain/access/binding-props.ts";
import type { GatewayHono } from "./http/context.ts";
import type { Isolate } from "./isolate.ts";
import { readDestinationBindings, readObjects } from "./platform/env.ts";
import { GatewayError, type ProblemDetails, problemDetails } from "./platform/errors.ts";
import { logEvent } from "./platform/log.ts";
import { type DeepReadonly, runAction } from "./services/administration/action.ts";
import { type AdminActionName, type AdminActions, adminActions } from "./services/administration/actions/actions.ts";

/** The result of an action. A thrown error would lose its code on the way through a binding. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: ProblemDetails };

type Input<Name extends AdminActionName> = DeepReadonly<v.InferInput<AdminActions[Name]["input"]>>;
type Output<Name extends AdminActionName> = v.InferOutput<AdminActions[Name]["output"]>;
type Arguments<Value> = Record<never, never> extends Value ? [input?: Value] : [input: Value];

/** Every admin action as a method. */
type AdminMethods = {
  [Name in AdminActionName]: (...args: Arguments<Input<Name>>) => Promise<Answer<Output<Name>>>;
};

/** The parts of an entrypoint that its methods use. */
interface BindingCall {
  readonly env: Env;
  readonly ctx: ExecutionContext<BindingProps>;
  readonly isolate: Isolate;
}

async function administer(
  name: AdminActionName,
  input: unknown,
  { env, ctx, isolate }: BindingCall,
): Promise<Answer<unknown>> {
  const requestId = crypto.randomUUID();
  const { name: keyName, role, problem } = readBindingProps(ctx.props);
  const logged = { requestId, keyName, operation: name };
  const startedAtMs = Date.now();
  const count = (outcome: string): void => {
    const metrics = isolate.readMetrics(env);
    metrics.add({ what: "binding", app: "", name, outcome, status: "", endpointId: "" }, Date.now() - startedAtMs);
    metrics.flushSoon((work) => ctx.waitUntil(work));
  };
  try {
    if (problem !== undefined) throw new GatewayError({ kind: "binding_props", problem });
    if (role === undefined) throw new GatewayError({ kind: "admin_forbidden", needs: "viewer or admin" });
    const context = {
      config: isolate.readConfig(env),
      directory: isolate.readDirectory(env),
      objects: readObjects(env),
      destinations: readDestinationBindings(env),
      prefetchedPermits: isolate.prefetchedPermits,
      change: { actor: keyName, requestId, nowMs: Date.now() },
      role,
      origin: undefined,
      waitUntil: (work: Promise<unknown>) => ctx.waitUntil(work),
    };
    const value = await runAction(adminActions[name], context, () => input ?? {});
    logEvent("binding", logged);
    count("answered");
    return { ok: true, value };
  } catch (error) {
    const known = error instanceof GatewayError;
    const errorName = error instanceof Error ? error.name : "unknown";
    const code = known ? error.code : "ERR_GHL_GATEWAY_INTERNAL";
    count(code);
    logEvent("binding", { ...logged, code, ...(known ? {} : { errorName }) });
    return { ok: false, problem: problemDetails(known ? error.reason : { kind: "internal" }, requestId) };
  }
}

/** Shared by all instances of the entrypoint in an isolate. */
export interface EntrypointShared {
  readonly isolate: Isolate;
  /** Serves calls to HighLevel (`createBindingApp`). */
  readonly api: Hono<GatewayHono>;
}

interface AdministeredClass {
  new (
    ctx: ExecutionContext,
    env: Env,
    shared: EntrypointShared,
  ): WorkerEntrypoint<Env, BindingProps> & AdminMethods & { readonly shared: EntrypointShared };
}

/** A binding calls methods of the prototype only, so each action becomes one. */
function withAdminMethods(): AdministeredClass {
  class Administered extends WorkerEntrypoint<Env, BindingProps> {
    /** A member of the instance: a binding cannot reach it. */
    readonly shared: EntrypointShared;

    constructor(ctx: ExecutionContext, env: Env, shared: EntrypointShared) {
      super(ctx, env);
      this.shared = shared;
    }
  }
  for (const name of Object.keys(adminActions) as readonly AdminActionName[])
    Object.defineProperty(Administered.prototype, name, {
      value(this: Administered, input: unknown) {
        const { env, ctx, shared } = this;
        return administer(name, input, { env, ctx, isolate: shared.isolate });
      },
    });
  return Administered as never;
}

/**
 * Entrypoint for the account's other Workers: through a service binding they call HighLevel and run admin actions
 * without a key or a token. The `props` of the binding say what it may do. The methods are the actions of
 * `services/administration/actions`; each takes one object. `worker.ts` exports the subclass that workerd can construct.
 *
 * ```jsonc
 * "services": [{
 *   "binding": "GHL", "service": "ghl-edge-gateway", "entrypoint": "Gateway",
 *   "props": { "name": "reports", "app": "main", "access": "read" }
 * }]
 * ```
 */
export class Gateway extends withAdminMethods() {
  /** Serves `/api/{location|company}/{id}/…` of any host, as over HTTP: give `env.GHL.fetch` to any HighLevel client. */
  override async fetch(request: Request): Promise<Response> {
    return this.shared.api.fetch(request, this.env, this.ctx);
  }
}
