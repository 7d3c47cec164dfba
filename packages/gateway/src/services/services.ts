import type { WebhookVerifier } from "@ghl-edge/webhooks";
import type { Directory } from "../directory/directory.ts";
import type { OverflowEvent } from "../domain/contracts/overflow.ts";
import type { Isolate } from "../isolate.ts";
import type { AppConfig, GatewayConfig } from "../platform/config.ts";
import {
  type DestinationBindings,
  type Objects,
  readDestinationBindings,
  readObjects,
  readOverflow,
} from "../platform/env.ts";
import { createVerifiers, type WebhookRoute } from "../platform/webhook-verifiers.ts";

/** Everything that a use case may need. Each one declares the part that it needs. */
export interface Services {
  readonly config: GatewayConfig;
  readonly objects: Objects;
  readonly destinations: DestinationBindings;
  readonly directory: Directory;
  readonly overflow: Pick<Queue<OverflowEvent>, "send">;
  readonly isolate: Isolate;
  readonly verifierOf: (app: AppConfig, route: WebhookRoute) => WebhookVerifier;
}

/** @throws ConfigError */
export function readServices(env: Env, isolate: Isolate): Services {
  const config = isolate.readConfig(env);
  return {
    config,
    objects: readObjects(env),
    destinations: readDestinationBindings(env),
    directory: isolate.readDirectory(env),
    overflow: readOverflow(env),
    isolate,
    verifierOf: createVerifiers(config),
  };
}
