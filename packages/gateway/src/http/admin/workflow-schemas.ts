import { WORKFLOW_AUTH_KINDS, WORKFLOW_KINDS, WORKFLOW_STATES } from "../../domain/workflow-receiver.ts";
import { MAX_NAME_LENGTH } from "../../services/administration/endpoint-input.ts";
import { MAX_OVERLAP_HOURS } from "../../services/administration/secret-rotation.ts";
import { MAX_SECRET_LENGTH, MIN_SECRET_LENGTH } from "../../services/administration/workflow-input.ts";
import { ROTATED } from "../../services/administration/workflow-receivers.ts";
import { nullable, page, record, ref, type Schema, text, timeMs } from "./schema-parts.ts";

const name: Schema = { type: "string", minLength: 1, maxLength: MAX_NAME_LENGTH };
const secret: Schema = { type: "string", minLength: MIN_SECRET_LENGTH, maxLength: MAX_SECRET_LENGTH };
const made = (what: string): Schema => ({
  ...nullable("string"),
  description: `${what} It is in this answer and nowhere else. Null: none was made.`,
});

const settings = {
  name: { ...name, description: "As events name the receiver." },
  location: {
    ...nullable("string"),
    description: "All it takes must be of this location. Null: of any, which has to be said.",
  },
  callback: {
    anyOf: [record({ url: text }), record({ service: text }), { type: "null" }],
    description:
      "Of an action: who says what it answers with, an https URL, whose host alone is shown in lists and to viewers, or the name of a binding after RECEIVER_SERVICE_. Null: it answers with nothing.",
  },
  state: { ...ref("WorkflowReceiverState"), default: "active" },
} satisfies Readonly<Record<string, Schema>>;

/** Of `/admin/workflow-receivers`. */
export const workflowSchemas: Readonly<Record<string, Schema>> = {
  WorkflowReceiverKind: {
    type: "string",
    enum: WORKFLOW_KINDS,
    description: "webhook: the workflow's Webhook and Custom Webhook actions. action, trigger: those of the app.",
  },
  WorkflowReceiverState: { type: "string", enum: WORKFLOW_STATES },
  WorkflowAuthKind: {
    type: "string",
    enum: WORKFLOW_AUTH_KINDS,
    description: "Where requests carry the secret. query is the weakest: URLs are kept by logs.",
  },
  WorkflowReceiver: record({
    id: text,
    app: text,
    kind: ref("WorkflowReceiverKind"),
    auth: record({
      kind: ref("WorkflowAuthKind"),
      name: { ...nullable("string"), description: "The user, the header, the parameter of the URL. Null: of bearer." },
    }),
    ...settings,
    createdAtMs: timeMs,
    createdBy: text,
    changedAtMs: timeMs,
  }),
  WorkflowReceiverPage: page("WorkflowReceiver"),
  NewWorkflowReceiver: {
    type: "object",
    properties: {
      app: text,
      kind: ref("WorkflowReceiverKind"),
      auth: {
        type: "object",
        properties: {
          kind: ref("WorkflowAuthKind"),
          name,
          secret: { ...secret, description: "Left out, it is made." },
        },
        required: ["kind"],
        additionalProperties: false,
      },
      ...settings,
    },
    required: ["app", "kind", "auth", "name", "location"],
    additionalProperties: false,
  },
  WorkflowReceiverSettings: {
    type: "object",
    description: "All of them: what is left out takes its default.",
    properties: settings,
    required: ["name", "location"],
    additionalProperties: false,
  },
  WorkflowReceiverWithSecrets: record({
    receiver: ref("WorkflowReceiver"),
    secret: made("What requests have to carry."),
    callbackSecret: made("Signs what the app is asked."),
  }),
  WorkflowSecretRotation: {
    type: "object",
    properties: {
      of: { type: "string", enum: ROTATED, description: "auth: what requests carry. callback: what signs questions." },
      secret: { ...secret, description: "Of auth; left out, it is made." },
      overlapHours: {
        type: "integer",
        minimum: 0,
        maximum: MAX_OVERLAP_HOURS,
        default: 24,
        description: "How long the secret before is good beside the new one; one that is older still ends now.",
      },
    },
    required: ["of"],
    additionalProperties: false,
  },
  RotatedWorkflowSecret: record({
    secret: made("The new one."),
    previousValidUntilMs: { ...nullable("integer"), format: "int64", description: "Of the secret before." },
  }),
};
