export {
  default,
  EndpointDispatcher,
  EventBuffer,
  Gateway,
  ResourceCoordinator,
  TokenGrant,
  WebhookInbox,
} from "./worker.ts";
