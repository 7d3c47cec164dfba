export {
  default,
  EndpointDispatcher,
  EventBuffer,
  Gateway,
  ResourceCoordinator,
  TokenGrant,
  WebhookInbox,
} from "@ghl-edge/gateway";
