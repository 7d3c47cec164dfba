import { WorkerEntrypoint } from "cloudflare:workers";
import { createBindingApp } from "./app.ts";
import { readDirectory } from "./directory/read-directory.ts";
import { type BindingProps, readBindingProps } from "./domain/binding-props.ts";
import { administrationOf } from "./http/admin/administration-of.ts";
import { readConfig, readObjects, readReceivers } from "./platform/env.ts";
import { GatewayError, type ProblemDetails, problemDetails } from "./platform/errors.ts";
import { logEvent } from "./platform/log.ts";
import type { Administration } from "./services/administration/administration.ts";

/** What an operation answers across the binding, where an error would lose its code. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: ProblemDetails };

type Result<Name extends keyof Administration> = Promise<Answer<Awaited<ReturnType<Administration[Name]>>>>;
type Arguments<Name extends keyof Administration> = Parameters<Administration[Name]>;

/** Operations that change nothing, for the role `viewer`. */
const READING: readonly (keyof Administration)[] = [
  "apps",
  "installations",
  "installation",
  "apiKeys",
  "operators",
  "audit",
  "endpoints",
  "endpoint",
  "endpointStatus",
  "deliveries",
  "events",
  "event",
  "eventDeliveries",
  "workflowReceivers",
  "workflowReceiver",
  "tokenKeys",
];

const app = createBindingApp();

/**
 * For the account's other Workers: a service binding to this entrypoint calls HighLevel and administers the gateway
 * without a key or a token. What it may do is said by the `props` of the binding.
 *
 * ```jsonc
 * "services": [{
 *   "binding": "GHL", "service": "ghl-edge-gateway", "entrypoint": "Gateway",
 *   "props": { "name": "reports", "app": "main", "access": "read" }
 * }]
 * ```
 */
export class Gateway extends WorkerEntrypoint<Env, BindingProps> {
  /** `/api/{location|company}/{id}/…` of any host, as over HTTP: hand `env.GHL.fetch` to any HighLevel client. */
  override async fetch(request: Request): Promise<Response> {
    return app.fetch(request, this.env, this.ctx);
  }

  apps(...args: Arguments<"apps">): Result<"apps"> {
    return this.#administer("apps", args);
  }

  installations(...args: Arguments<"installations">): Result<"installations"> {
    return this.#administer("installations", args);
  }

  installation(...args: Arguments<"installation">): Result<"installation"> {
    return this.#administer("installation", args);
  }

  approve(...args: Arguments<"approve">): Result<"approve"> {
    return this.#administer("approve", args);
  }

  retry(...args: Arguments<"retry">): Result<"retry"> {
    return this.#administer("retry", args);
  }

  uninstall(...args: Arguments<"uninstall">): Result<"uninstall"> {
    return this.#administer("uninstall", args);
  }

  keepPrivateToken(...args: Arguments<"keepPrivateToken">): Result<"keepPrivateToken"> {
    return this.#administer("keepPrivateToken", args);
  }

  apiKeys(...args: Arguments<"apiKeys">): Result<"apiKeys"> {
    return this.#administer("apiKeys", args);
  }

  createApiKey(...args: Arguments<"createApiKey">): Result<"createApiKey"> {
    return this.#administer("createApiKey", args);
  }

  revokeApiKey(...args: Arguments<"revokeApiKey">): Result<"revokeApiKey"> {
    return this.#administer("revokeApiKey", args);
  }

  operators(...args: Arguments<"operators">): Result<"operators"> {
    return this.#administer("operators", args);
  }

  putOperator(...args: Arguments<"putOperator">): Result<"putOperator"> {
    return this.#administer("putOperator", args);
  }

  removeOperator(...args: Arguments<"removeOperator">): Result<"removeOperator"> {
    return this.#administer("removeOperator", args);
  }

  audit(...args: Arguments<"audit">): Result<"audit"> {
    return this.#administer("audit", args);
  }

  endpoints(...args: Arguments<"endpoints">): Result<"endpoints"> {
    return this.#administer("endpoints", args);
  }

  endpoint(...args: Arguments<"endpoint">): Result<"endpoint"> {
    return this.#administer("endpoint", args);
  }

  createEndpoint(...args: Arguments<"createEndpoint">): Result<"createEndpoint"> {
    return this.#administer("createEndpoint", args);
  }

  changeEndpoint(...args: Arguments<"changeEndpoint">): Result<"changeEndpoint"> {
    return this.#administer("changeEndpoint", args);
  }

  removeEndpoint(...args: Arguments<"removeEndpoint">): Result<"removeEndpoint"> {
    return this.#administer("removeEndpoint", args);
  }

  rotateSecret(...args: Arguments<"rotateSecret">): Result<"rotateSecret"> {
    return this.#administer("rotateSecret", args);
  }

  enableEndpoint(...args: Arguments<"enableEndpoint">): Result<"enableEndpoint"> {
    return this.#administer("enableEndpoint", args);
  }

  pauseEndpoint(...args: Arguments<"pauseEndpoint">): Result<"pauseEndpoint"> {
    return this.#administer("pauseEndpoint", args);
  }

  testEndpoint(...args: Arguments<"testEndpoint">): Result<"testEndpoint"> {
    return this.#administer("testEndpoint", args);
  }

  endpointStatus(...args: Arguments<"endpointStatus">): Result<"endpointStatus"> {
    return this.#administer("endpointStatus", args);
  }

  deliveries(...args: Arguments<"deliveries">): Result<"deliveries"> {
    return this.#administer("deliveries", args);
  }

  replayDeadLetters(...args: Arguments<"replayDeadLetters">): Result<"replayDeadLetters"> {
    return this.#administer("replayDeadLetters", args);
  }

  events(...args: Arguments<"events">): Result<"events"> {
    return this.#administer("events", args);
  }

  event(...args: Arguments<"event">): Result<"event"> {
    return this.#administer("event", args);
  }

  eventDeliveries(...args: Arguments<"eventDeliveries">): Result<"eventDeliveries"> {
    return this.#administer("eventDeliveries", args);
  }

  replayEvents(...args: Arguments<"replayEvents">): Result<"replayEvents"> {
    return this.#administer("replayEvents", args);
  }

  workflowReceivers(...args: Arguments<"workflowReceivers">): Result<"workflowReceivers"> {
    return this.#administer("workflowReceivers", args);
  }

  workflowReceiver(...args: Arguments<"workflowReceiver">): Result<"workflowReceiver"> {
    return this.#administer("workflowReceiver", args);
  }

  createWorkflowReceiver(...args: Arguments<"createWorkflowReceiver">): Result<"createWorkflowReceiver"> {
    return this.#administer("createWorkflowReceiver", args);
  }

  changeWorkflowReceiver(...args: Arguments<"changeWorkflowReceiver">): Result<"changeWorkflowReceiver"> {
    return this.#administer("changeWorkflowReceiver", args);
  }

  rotateWorkflowSecret(...args: Arguments<"rotateWorkflowSecret">): Result<"rotateWorkflowSecret"> {
    return this.#administer("rotateWorkflowSecret", args);
  }

  removeWorkflowReceiver(...args: Arguments<"removeWorkflowReceiver">): Result<"removeWorkflowReceiver"> {
    return this.#administer("removeWorkflowReceiver", args);
  }

  reconcileLocation(...args: Arguments<"reconcileLocation">): Result<"reconcileLocation"> {
    return this.#administer("reconcileLocation", args);
  }

  tokenKeys(...args: Arguments<"tokenKeys">): Result<"tokenKeys"> {
    return this.#administer("tokenKeys", args);
  }

  removeLocationData(...args: Arguments<"removeLocationData">): Result<"removeLocationData"> {
    return this.#administer("removeLocationData", args);
  }

  rewrapSecrets(...args: Arguments<"rewrapSecrets">): Result<"rewrapSecrets"> {
    return this.#administer("rewrapSecrets", args);
  }

  async #administer<Name extends keyof Administration>(operation: Name, args: Arguments<Name>): Result<Name> {
    const requestId = crypto.randomUUID();
    const { name, role } = readBindingProps(this.ctx.props);
    try {
      const needs = READING.includes(operation) ? "viewer" : "admin";
      if (role === undefined || (needs === "admin" && role !== "admin"))
        throw new GatewayError({ kind: "admin_forbidden", needs });
      const administration = administrationOf({
        config: readConfig(this.env),
        directory: readDirectory(this.env),
        objects: readObjects(this.env),
        receivers: readReceivers(this.env),
        change: { actor: name, requestId, nowMs: Date.now() },
        waitUntil: (work) => this.ctx.waitUntil(work),
        role,
      });
      const call = administration[operation] as (
        ...given: Arguments<Name>
      ) => Promise<Awaited<ReturnType<Administration[Name]>>>;
      const value = await call(...args);
      logEvent("binding", { requestId, keyName: name, operation });
      return { ok: true, value };
    } catch (error) {
      const known = error instanceof GatewayError;
      const errorName = error instanceof Error ? error.name : "unknown";
      const code = known ? error.code : "ERR_GHL_GATEWAY_INTERNAL";
      logEvent("binding", { requestId, keyName: name, operation, code, ...(known ? {} : { errorName }) });
      return { ok: false, problem: problemDetails(known ? error.reason : { kind: "internal" }, requestId) };
    }
  }
}
