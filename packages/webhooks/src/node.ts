// The types have the members that the adapter uses, so that it works with every version of @types/node, and without them.
export type { NodeRequest, NodeResponse } from "./node/node-message.ts";
export { type NodeHandler, toNodeHandler } from "./node/to-node-handler.ts";
