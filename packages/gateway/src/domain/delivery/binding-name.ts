import * as v from "valibot";

export const BINDING = "the name of a binding after its prefix: capitals, digits and underscores";

/** Name of a queue or a Worker that is bound to the gateway, after `DESTINATION_QUEUE_` or `DESTINATION_SERVICE_`. */
export const bindingName = v.pipe(v.string(BINDING), v.regex(/^[A-Z0-9_]{1,64}$/, BINDING));
