export {
  default,
  EndpointDispatcher,
  EventLanding,
  Gateway,
  ResourceCoordinator,
  TokenGrant,
  WebhookInbox,
} from "@ghl-edge/gateway";
