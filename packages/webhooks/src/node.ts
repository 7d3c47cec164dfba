// Typed by what it uses, and not by @types/node: whoever has another version of those, or none, can use it.
export type { NodeRequest, NodeResponse } from "./node/node-message.ts";
export { type NodeHandler, toNodeHandler } from "./node/to-node-handler.ts";
