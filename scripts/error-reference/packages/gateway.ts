import type { ErrorEntries } from "../entry.ts";

/** Codes of the gateway that are not refusals of a request: of attempts to deliver, of questions to an app's back end, of reports. */
export const GATEWAY_REPORT_CODES: ErrorEntries = {
  ERR_GHL_GATEWAY_EVENT_FILTER: {
    cause: "An endpoint's event filter is invalid.",
    remedy: "The message names the path in the filter and what is allowed there.",
  },
  ERR_GHL_GATEWAY_DESTINATION_TIMEOUT: {
    cause: "The endpoint, or the app's back end, did not answer in time.",
    remedy: "Answer first and work afterwards. The delivery is tried again.",
  },
  ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE: {
    cause: "The endpoint, or the app's back end, could not be reached.",
    remedy: "Check its address and that it runs. The delivery is tried again.",
  },
  ERR_GHL_GATEWAY_DESTINATION_UNBOUND: {
    cause: "The deployment has no binding of this name.",
    remedy: "Add `DESTINATION_QUEUE_<name>` or `DESTINATION_SERVICE_<name>` to wrangler.jsonc.",
  },
  ERR_GHL_GATEWAY_DESTINATION_TOO_LARGE: {
    cause: "The event is larger than what the destination takes.",
    remedy: "Deliver such events to an endpoint of kind `https`.",
  },
  ERR_GHL_GATEWAY_DESTINATION_REFUSED: {
    cause: "The app's back end answered with an error status.",
    remedy: "Check the back end's log for the request.",
  },
  ERR_GHL_GATEWAY_DESTINATION_UNREADABLE: {
    cause: "The endpoint, or the app's back end, answered with something that is not the documented answer.",
    remedy: "Compare the answer with docs/gateway/. A delivery is tried again.",
  },
  ERR_GHL_GATEWAY_DESTINATION_EVENT_FAILED: {
    cause: "The endpoint accepted a batch and named this event among those that failed.",
    remedy: "Check the endpoint's log for the id of the event. The delivery is tried again.",
  },
  ERR_GHL_GATEWAY_SEAL_BROKEN: {
    cause: "A stored secret cannot be decrypted: its key is missing from TOKEN_KEYS, or is another one.",
    remedy: "Add the key again. Where it is lost, install the app again or rotate the secret.",
  },
  ERR_GHL_GATEWAY_UPSTREAM_UNREADABLE: {
    cause: "HighLevel's answer to a query of a reconciliation is not what its documents say.",
    remedy: "Report it with the module's name; the other modules are not affected.",
  },
};
