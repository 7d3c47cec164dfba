/** The only reader of bindings: everything else gets configuration and Durable Objects from here, as interfaces. */
import { type GatewayConfig, parseConfig } from "./config.ts";
import { createDirectory, type Directory } from "./directory/directory.ts";
import { type Resource, resourceName } from "./domain/resource.ts";
import type { ResourceCoordinatorApi, TokenGrantApi, WebhookInboxApi } from "./durable-objects/interfaces.ts";

export interface Objects {
  grant(app: string, resource: Resource): TokenGrantApi;
  coordinator(app: string, resource: Resource): ResourceCoordinatorApi;
  /** `day` is `YYYY-MM-DD` of the signed timestamp, or `undated`. */
  inbox(app: string, resource: Resource | undefined, day: string): WebhookInboxApi;
}

/** @throws ConfigError */
export function readConfig(env: Env): GatewayConfig {
  return parseConfig(env);
}

export function readDirectory(env: Env): Directory {
  return createDirectory(env.DIRECTORY);
}

/** Each call makes a fresh stub: a stub that has seen its object die stays broken. */
export function readObjects(env: Env): Objects {
  return {
    grant: (app, resource) => env.TOKEN_GRANT.getByName(resourceName(app, resource)),
    coordinator: (app, resource) => env.RESOURCE_COORDINATOR.getByName(resourceName(app, resource)),
    inbox: (app, resource, day) =>
      env.WEBHOOK_INBOX.getByName(`${resource === undefined ? `${app}:none` : resourceName(app, resource)}:${day}`),
  };
}
