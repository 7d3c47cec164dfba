import { toBase64Url } from "@ghl-edge/core";
import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
import type { NextSecrets } from "../../directory/sealed-table.ts";
import type { WorkflowSettings } from "../../directory/tables/workflow-receivers.ts";
import {
  newWorkflowReceiverId,
  type WorkflowKind,
  type WorkflowReceiver,
  type WorkflowSecrets,
} from "../../domain/marketplace/workflow-receiver.ts";
import { rotated } from "./secret-rotation.ts";
import { type ActionContext, checkApp, invalid, known } from "./shared.ts";
import { type AuthInput, authOf, readSettings, secretProblem } from "./workflow-input.ts";

type NextWorkflowSecrets = NextSecrets<WorkflowReceiver, WorkflowSecrets>;

interface WorkflowReceiverRef {
  readonly id: string;
}

export interface NewWorkflowReceiver extends WorkflowSettings {
  readonly app: string;
  readonly kind: WorkflowKind;
  readonly auth: AuthInput;
}

export interface WorkflowSecretRotation extends WorkflowReceiverRef {
  /** `auth`: the secret that requests carry; `callback`: the secret that signs requests to the app. */
  readonly of: "auth" | "callback";
  /** Only of `auth`. Default: a new random secret. */
  readonly secret?: string | undefined;
  readonly overlapHours: number;
}

/** Secrets that were created are in this answer and nowhere else. Null: none was created. */
export interface WorkflowReceiverWithSecrets {
  readonly receiver: WorkflowReceiver;
  readonly secret: string | null;
  readonly callbackSecret: string | null;
}

/** Creates 256 random bits, in characters that a header and a URL carry as they are. */
const newSecret = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

const inputContext = ({ config, destinations }: ActionContext) => ({
  destinations,
  allowLoopback: config.allowLoopbackDestinations,
});

/** Adds the whole address for an admin. */
async function shown({ directory, role }: ActionContext, receiver: WorkflowReceiver): Promise<WorkflowReceiver> {
  if (role !== "admin" || receiver.callback === null || !("url" in receiver.callback)) return receiver;
  const url = (await directory.workflowReceivers.open(receiver.id))?.secrets.callbackUrl;
  return url === undefined ? receiver : { ...receiver, callback: { url } };
}

export async function getWorkflowReceiver(
  context: ActionContext,
  { id }: WorkflowReceiverRef,
): Promise<WorkflowReceiver> {
  return shown(context, known("workflow receiver", await context.directory.workflowReceivers.find(id)));
}

export async function createWorkflowReceiver(
  context: ActionContext,
  { app, kind, auth: authInput, ...rest }: NewWorkflowReceiver,
): Promise<WorkflowReceiverWithSecrets> {
  const { config, directory, change } = context;
  checkApp(config, app);
  const settings = readSettings(rest, { ...inputContext(context), kind, before: undefined });
  const auth = authOf(authInput);
  const { secret: given } = authInput;
  const secret = given ?? newSecret();
  const callbackSecret = settings.callback === null ? null : createDeliverySecret();
  const id = await newWorkflowReceiverId(await directory.checkKey.read(), app);
  const secrets = {
    auth: [{ secret, untilMs: null }],
    callback: callbackSecret === null ? [] : [{ secret: callbackSecret, untilMs: null }],
  };
  const receiver = await directory.workflowReceivers.create({ id, app, kind, auth, settings, secrets }, change);
  return { receiver: await shown(context, receiver), secret: given === undefined ? secret : null, callbackSecret };
}

export async function changeWorkflowReceiver(
  context: ActionContext,
  { id, ...input }: WorkflowSettings & WorkflowReceiverRef,
): Promise<WorkflowReceiverWithSecrets> {
  const { directory, change } = context;
  const { workflowReceivers: table } = directory;
  const { receiver: before, secrets, readable } = known("workflow receiver", await table.open(id));
  const settings = readSettings(input, { ...inputContext(context), kind: before.kind, before });
  // Secrets that do not open now may open again, so only a rotation replaces them.
  const needsCallback = readable && settings.callback !== null && secrets.callback.length === 0;
  const created = needsCallback ? createDeliverySecret() : null;
  let callbackSecret: string | null = null;
  // The secret comes before the address, so that no request to the app is unsigned.
  if (created !== null) {
    const next: NextWorkflowSecrets = ({ secrets: now }) => {
      callbackSecret = now.callback.length === 0 ? created : null;
      return callbackSecret === null ? now : { ...now, callback: [{ secret: callbackSecret, untilMs: null }] };
    };
    await table.changeSecrets(id, next, change);
  }
  const receiver = known("workflow receiver", await table.update(id, settings, change));
  return { receiver: await shown(context, receiver), secret: null, callbackSecret };
}

export async function rotateWorkflowReceiverSecret(
  { directory, change }: ActionContext,
  { id, of, secret: given, overlapHours }: WorkflowSecretRotation,
): Promise<{ readonly secret: string | null; readonly previousValidUntilMs: number | null }> {
  const secret = given ?? (of === "callback" ? createDeliverySecret() : newSecret());
  let previousValidUntilMs: number | null = null;
  const next: NextWorkflowSecrets = ({ item, secrets }) => {
    if (of === "callback" && secrets.callback.length === 0 && item.callback === null)
      throw invalid("of must be auth, because this receiver sends no requests to the app, got callback");
    const problem = of === "auth" ? secretProblem(item.auth, secret) : undefined;
    if (problem !== undefined) throw invalid(problem);
    const good = rotated(secrets[of], secret, { overlapHours, nowMs: change.nowMs });
    previousValidUntilMs = good.previousValidUntilMs;
    return { ...secrets, [of]: good.secrets };
  };
  known("workflow receiver", await directory.workflowReceivers.changeSecrets(id, next, change));
  return { secret: given === undefined ? secret : null, previousValidUntilMs };
}

export async function removeWorkflowReceiver(
  { directory, change }: ActionContext,
  { id }: WorkflowReceiverRef,
): Promise<undefined> {
  if (!(await directory.workflowReceivers.remove(id, change))) known("workflow receiver", undefined);
  return undefined;
}
