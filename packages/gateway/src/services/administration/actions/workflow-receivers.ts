import * as v from "valibot";
import { callbackAddress } from "../../../domain/marketplace/backend-callback.ts";
import { WORKFLOW_AUTH_KINDS, WORKFLOW_KINDS, WORKFLOW_STATES } from "../../../domain/marketplace/workflow-receiver.ts";
import { defineAction } from "../action.ts";
import {
  appName,
  appPageEntries,
  checkMember,
  described,
  key,
  MAX_NAME_LENGTH,
  optionalText,
  optionalTimeMs,
  pageOf,
  resourceId,
  text,
  textOut,
  timeMs,
} from "../schema.ts";
import { overlapHours } from "../secret-rotation.ts";
import { authProblem } from "../workflow-input.ts";
import {
  changeWorkflowReceiver,
  createWorkflowReceiver,
  getWorkflowReceiver,
  removeWorkflowReceiver,
  rotateWorkflowReceiverSecret,
} from "../workflow-receivers.ts";

/** A guess must not find it. HighLevel's secrets of an app for HMAC are as long. */
const MIN_SECRET_LENGTH = 16;
const MAX_SECRET_LENGTH = 256;
const SECRET = `a text of ${MIN_SECRET_LENGTH} to ${MAX_SECRET_LENGTH} characters`;
const secret = v.pipe(v.string(SECRET), v.minLength(MIN_SECRET_LENGTH, SECRET), v.maxLength(MAX_SECRET_LENGTH, SECRET));

const kind = described(
  v.picklist(WORKFLOW_KINDS),
  "Requests that the workflow receiver accepts. webhook: those of a workflow's Webhook and Custom Webhook actions. action, trigger: those of the app's own actions and triggers.",
);
const state = v.picklist(WORKFLOW_STATES);
const authKind = described(
  v.picklist(WORKFLOW_AUTH_KINDS),
  "Part of the request that carries the secret. query is the weakest, because logs store URLs.",
);
const name = described(text(MAX_NAME_LENGTH), "Name of the workflow receiver in events.");
const location = described(
  v.nullable(resourceId),
  "Location of all requests. Null: any location. Null must be given explicitly, because the secret then opens every location.",
);
const callback = described(
  v.nullable(callbackAddress),
  "Back end that decides the answer to an action; other kinds have none. It is an https URL, of which lists and viewers see only the host, or the name of a binding after DESTINATION_SERVICE_. Null: the answer is empty.",
);
const newSecret = v.optional(described(secret, "Secret that requests must carry. Default: a new random secret."));
const auth = v.pipe(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("bearer"), secret: newSecret }),
    v.strictObject({
      kind: v.picklist(["basic", "header", "query"]),
      name: described(text(MAX_NAME_LENGTH), "Name of the user, the header or the URL parameter."),
      secret: newSecret,
    }),
  ]),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? authProblem(dataset.value) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  }),
);

/** The gateway creates the secrets of callbacks itself. */
const isOfAuth = ({ of, secret: given }: { readonly of: "auth" | "callback"; readonly secret?: string | undefined }) =>
  of === "auth" || given === undefined;
const NOT_OF_CALLBACK = "must be left out where of is callback, because the gateway creates it";

const settings = { name, location, callback: v.optional(callback, null), state: v.optional(state, "active") };

const receiver = v.strictObject({
  id: textOut,
  app: textOut,
  kind,
  auth: v.strictObject({
    kind: authKind,
    name: described(optionalText, "Name of the user, the header or the URL parameter. Null for bearer."),
  }),
  name: textOut,
  location: described(optionalText, "Location of all requests. Null: any location."),
  callback,
  state,
  createdAtMs: timeMs,
  createdBy: textOut,
  changedAtMs: timeMs,
});
const workflowReceiverPage = pageOf(receiver);
const created = (what: string) =>
  described(optionalText, `${what} It is shown only in this answer. Null: none was created.`);
const workflowReceiverWithSecrets = v.strictObject({
  receiver,
  secret: created("Secret that requests must carry."),
  callbackSecret: created("Secret that signs requests to the back end."),
});
const rotatedSecret = v.strictObject({
  secret: created("The new secret."),
  previousValidUntilMs: described(
    optionalTimeMs,
    "Time until which the previous secret is valid as well, in milliseconds since 1970. Null: no previous secret is valid.",
  ),
});

export const workflowReceiverSchemas = {
  WorkflowReceiverKind: kind,
  WorkflowReceiverState: state,
  WorkflowAuthKind: authKind,
  WorkflowReceiver: receiver,
  WorkflowReceiverPage: workflowReceiverPage,
  WorkflowReceiverWithSecrets: workflowReceiverWithSecrets,
  RotatedWorkflowSecret: rotatedSecret,
};

const tag = "workflowReceivers";

/** Workflow receivers take requests of HighLevel's workflows at `/workflows/{app}/{id}`. */
export const workflowReceiverActions = {
  listWorkflowReceivers: defineAction({
    tag,
    summary: "Lists workflow receivers, ordered by id.",
    role: "viewer",
    http: { method: "get", path: "/admin/workflow-receivers" },
    input: v.strictObject(appPageEntries),
    output: workflowReceiverPage,
    run: ({ directory }, input) => directory.workflowReceivers.list(input),
  }),
  createWorkflowReceiver: defineAction({
    tag,
    summary: "Creates a workflow receiver at /workflows/{app}/{id}, and shows once the secrets that were not given.",
    role: "admin",
    http: { method: "post", path: "/admin/workflow-receivers", status: 201, body: "NewWorkflowReceiver" },
    input: v.strictObject({
      app: appName,
      kind,
      auth,
      ...settings,
    }),
    output: workflowReceiverWithSecrets,
    run: createWorkflowReceiver,
  }),
  getWorkflowReceiver: defineAction({
    tag,
    summary: "Returns one workflow receiver.",
    role: "viewer",
    http: { method: "get", path: "/admin/workflow-receivers/{id}" },
    input: v.strictObject({ id: key }),
    output: receiver,
    run: getWorkflowReceiver,
  }),
  changeWorkflowReceiver: defineAction({
    tag,
    summary:
      "Replaces all settings of a workflow receiver. A setting that is left out takes its default. App, kind and secrets stay.",
    role: "admin",
    http: { method: "put", path: "/admin/workflow-receivers/{id}", body: "WorkflowReceiverSettings" },
    input: v.strictObject({ id: key, ...settings }),
    output: workflowReceiverWithSecrets,
    run: changeWorkflowReceiver,
  }),
  rotateWorkflowReceiverSecret: defineAction({
    tag,
    summary:
      "Replaces a secret of a workflow receiver. The previous one is valid beside it for overlapHours. A secret that was just used may be accepted for another 30 s.",
    role: "admin",
    http: {
      method: "post",
      path: "/admin/workflow-receivers/{id}/secrets",
      status: 201,
      body: "WorkflowSecretRotation",
    },
    input: v.pipe(
      v.strictObject({
        id: key,
        of: described(
          v.picklist(["auth", "callback"]),
          "Secret to replace. auth: the secret that requests carry. callback: the secret that signs requests to the back end.",
        ),
        secret: v.optional(described(secret, "New secret, only for auth. Default: a random secret.")),
        overlapHours,
      }),
      checkMember("secret", isOfAuth, NOT_OF_CALLBACK),
    ),
    output: rotatedSecret,
    run: rotateWorkflowReceiverSecret,
  }),
  removeWorkflowReceiver: defineAction({
    tag,
    summary: "Removes a workflow receiver. One that was just used may accept requests for another 30 s.",
    role: "admin",
    http: { method: "delete", path: "/admin/workflow-receivers/{id}", status: 204 },
    input: v.strictObject({ id: key }),
    output: v.undefined(),
    run: removeWorkflowReceiver,
  }),
};
