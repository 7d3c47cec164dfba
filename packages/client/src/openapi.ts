// Modules of other APIs need this at run time. It is an entry of its own, so that an app with HighLevel's modules does not carry it.

export type { Method, MethodsOf } from "./call/methods.ts";
export type { ClientSettings } from "./client-options.ts";
export type { EventStream, ServerSentEvent } from "./openapi/event-stream.ts";
export { openApi } from "./openapi/methods.ts";
