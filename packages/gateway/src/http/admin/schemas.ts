/** Schemas of the admin API. Closed in what they answer, so that a field which is not here cannot slip out untested. */
import { INSTALLATION_STATES } from "../../domain/administration-model.ts";
import { endpointSchemas } from "./endpoint-schemas.ts";
import { eventSchemas } from "./event-schemas.ts";
import { repairSchemas } from "./repair-routes.ts";
import { list, nullable, page, record, ref, resource, resources, type Schema, text, timeMs } from "./schema-parts.ts";
import { tokenKeySchemas } from "./token-key-routes.ts";
import { workflowSchemas } from "./workflow-schemas.ts";

const access: Schema = {
  type: "string",
  enum: ["read", "write"],
  description: "read: GET, HEAD and operations whose scopes all say readonly.",
};
const role: Schema = { type: "string", enum: ["viewer", "admin"], description: "viewer: may look, not change." };

export const schemas: Readonly<Record<string, Schema>> = {
  Resource: resource,
  App: record({
    name: text,
    clientId: text,
    scopes: list(text),
    installations: {
      type: "object",
      additionalProperties: { type: "integer" },
      description: "How many are in each state.",
    },
  }),
  AppList: record({ items: list(ref("App")) }),
  InstallationState: { type: "string", enum: INSTALLATION_STATES },
  Installation: record({
    app: text,
    resource: ref("Resource"),
    companyId: nullable("string"),
    state: ref("InstallationState"),
    scopes: list(text),
    lastProblem: {
      anyOf: [ref("InstallationProblem"), { type: "null" }],
      description: "What was wrong with its tokens when its object was asked last. Null: nothing.",
    },
    installedAtMs: timeMs,
    changedAtMs: timeMs,
  }),
  InstallationProblem: record({
    code: { type: "string", description: "Stable: which answer of HighLevel's is behind it." },
    atMs: timeMs,
  }),
  InstallationPage: page("Installation"),
  PrivateToken: record({ token: { type: "string", minLength: 8, maxLength: 4096 } }),
  PrivateTokenRotation: record({
    createdAtMs: timeMs,
    remindAtMs: timeMs,
    rotateAtMs: timeMs,
    due: { type: "boolean", description: "It is time to rotate." },
    previousValidUntilMs: { ...nullable("integer"), format: "int64", description: "Of the token before." },
  }),
  ReauthLink: record({ url: { type: "string", format: "uri" } }),
  ApiKey: record({
    id: text,
    name: text,
    app: text,
    access,
    resources,
    createdAtMs: timeMs,
    createdBy: text,
    revokedAtMs: { ...nullable("integer"), format: "int64" },
  }),
  ApiKeyPage: page("ApiKey"),
  NewApiKey: {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1, maxLength: 100 },
      app: text,
      access: { ...access, default: "read" },
      resources,
    },
    required: ["name", "app"],
    additionalProperties: false,
  },
  CreatedApiKey: record({
    key: { type: "string", description: "The key itself. It is in this answer and nowhere else." },
    apiKey: ref("ApiKey"),
  }),
  Operator: record({ name: text, role, addedAtMs: timeMs, addedBy: text }),
  OperatorList: record({ items: list(ref("Operator")) }),
  OperatorRole: record({ role }),
  AuditEntry: record({
    id: { type: "integer", format: "int64" },
    atMs: timeMs,
    actor: text,
    action: text,
    app: nullable("string"),
    target: text,
    requestId: text,
  }),
  AuditPage: page("AuditEntry"),
  ...endpointSchemas,
  ...eventSchemas,
  ...workflowSchemas,
  ...repairSchemas,
  ...tokenKeySchemas,
  Problem: {
    type: "object",
    description: "RFC 9457.",
    properties: {
      type: text,
      title: text,
      message: { type: "string", description: "The title again: what clients of HighLevel's read from an error." },
      status: { type: "integer" },
      code: { type: "string", description: "Stable: decide by it." },
      detail: text,
      requestId: text,
    },
    required: ["type", "title", "message", "status", "code", "requestId"],
  },
};
