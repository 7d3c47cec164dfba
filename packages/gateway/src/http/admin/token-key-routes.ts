import type { Rewrap } from "../../services/administration/token-keys.ts";
import { readBody } from "./input.ts";
import type { AdminRoute } from "./route.ts";
import { list, nullable, record, ref, type Schema, text } from "./schema-parts.ts";

const count: Schema = { type: "integer" };

export const tokenKeySchemas: Readonly<Record<string, Schema>> = {
  TokenKeys: record({
    activeId: { type: "string", description: "Seals everything new." },
    ids: { ...list(text), description: "Of all that are configured; what each has sealed opens." },
  }),
  Rewrap: {
    type: "object",
    properties: {
      limit: { type: "integer", minimum: 1, maximum: 100, default: 25, description: "How much one step looks at." },
      cursor: { type: "string", description: "nextCursor of the step before." },
    },
    additionalProperties: false,
  },
  TokenKeyUse: record({
    id: text,
    configured: { type: "boolean", description: "False: it is not in TOKEN_KEYS, and what it seals does not open." },
    grants: { ...count, description: "Locations and companies whose tokens it seals." },
    cachedTokens: { ...count, description: "Cached access tokens that it seals." },
    endpoints: { ...count, description: "Endpoints whose secrets it seals." },
    workflowReceivers: { ...count, description: "Receivers of workflows whose secrets it seals." },
    unreadable: { ...count, description: "Those of all of these that do not open." },
  }),
  Rewrapped: record({
    activeId: text,
    keys: { ...list(ref("TokenKeyUse")), description: "What each key seals, of all that was looked at so far." },
    unreachable: {
      ...count,
      description: "Objects that could not be reached so far: any key may seal what they store.",
    },
    nextCursor: { ...nullable("string"), description: "Ask again with it as cursor; null: all was looked at." },
  }),
};

export const tokenKeyRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/token-keys",
    operationId: "getTokenKeys",
    tag: "tokenKeys",
    summary: "Ids of the keys that seal secrets at rest, and which of them is active.",
    role: "viewer",
    status: 200,
    answer: "TokenKeys",
    handle: (admin) => admin.tokenKeys(),
  },
  {
    method: "post",
    path: "/admin/token-keys/rewrap",
    operationId: "rewrapSecrets",
    tag: "tokenKeys",
    summary:
      "One step of sealing all secrets by the active key, and of counting what each key seals: a key that seals nothing after the last step may be removed.",
    role: "admin",
    body: "Rewrap",
    status: 200,
    answer: "Rewrapped",
    handle: async (admin, c) => admin.rewrapSecrets(await readBody<Rewrap>(c)),
  },
];
