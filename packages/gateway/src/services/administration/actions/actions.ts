import { resource } from "../schema.ts";
import { apiKeyActions, apiKeySchemas } from "./api-keys.ts";
import { appActions, appSchemas } from "./apps.ts";
import { deliveryActions, deliverySchemas } from "./deliveries.ts";
import { endpointActions, endpointSchemas } from "./endpoints.ts";
import { eventActions, eventSchemas } from "./events.ts";
import { installationActions, installationSchemas } from "./installations.ts";
import { locationDataActions, locationDataSchemas } from "./location-data.ts";
import { operatorActions, operatorSchemas } from "./operators.ts";
import { tokenKeyActions, tokenKeySchemas } from "./token-keys.ts";
import { workflowReceiverActions, workflowReceiverSchemas } from "./workflow-receivers.ts";

/**
 * Every action of an operator, by name. The name is the method of the service binding and the `operationId` of the OpenAPI document.
 * A new action is a `defineAction` in a file beside this one. A new file's actions are spread here, its schemas into `adminSchemas`.
 */
export const adminActions = {
  ...appActions,
  ...installationActions,
  ...apiKeyActions,
  ...operatorActions,
  ...deliveryActions,
  ...endpointActions,
  ...eventActions,
  ...workflowReceiverActions,
  ...locationDataActions,
  ...tokenKeyActions,
};

export type AdminActions = typeof adminActions;
export type AdminActionName = keyof AdminActions;

/** Schemas that have a name in the OpenAPI document. A schema that is in no object here is written out where it is used. */
export const adminSchemas = {
  Resource: resource,
  ...appSchemas,
  ...installationSchemas,
  ...locationDataSchemas,
  ...apiKeySchemas,
  ...operatorSchemas,
  ...endpointSchemas,
  ...deliverySchemas,
  ...eventSchemas,
  ...workflowReceiverSchemas,
  ...tokenKeySchemas,
};
