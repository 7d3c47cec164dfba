import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
import type { NextSecrets } from "../../directory/sealed-table.ts";
import type { Page, PageRequest } from "../../domain/administration-model.ts";
import { toBase64Url } from "../../domain/encoding.ts";
import { newReceiverId, type WorkflowReceiver, type WorkflowSecrets } from "../../domain/workflow-receiver.ts";
import { invalid, readChoice, readMembers, readText } from "./input.ts";
import { readOverlapMs, rotated } from "./secret-rotation.ts";
import { checkApp, known, type OperationOptions } from "./shared.ts";
import {
  checkAuth,
  type NewWorkflowReceiver,
  readAuth,
  readKind,
  readSecret,
  readSettings,
  type WorkflowReceiverInput,
} from "./workflow-input.ts";

type NextWorkflowSecrets = NextSecrets<WorkflowReceiver, WorkflowSecrets>;

export const ROTATED = ["auth", "callback"] as const;

export interface WorkflowSecretRotation {
  /** `auth`: what HighLevel sends; `callback`: what signs questions. */
  readonly of: (typeof ROTATED)[number];
  /** Of `auth`; one that is left out is made. */
  readonly secret?: string;
  readonly overlapHours?: number;
}

/** Secrets that were made are in this answer and nowhere else; null: none was. */
export interface WorkflowReceiverWithSecrets {
  readonly receiver: WorkflowReceiver;
  readonly secret: string | null;
  readonly callbackSecret: string | null;
}

/** What operators can do with what takes requests of workflows. */
export interface WorkflowReceiverOperations {
  workflowReceivers(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<WorkflowReceiver>>;
  /** An admin is shown the whole address of who is asked. */
  workflowReceiver(id: string): Promise<WorkflowReceiver>;
  createWorkflowReceiver(wanted: NewWorkflowReceiver): Promise<WorkflowReceiverWithSecrets>;
  /** What is left out takes its default. App, kind and secrets stay. */
  changeWorkflowReceiver(id: string, wanted: WorkflowReceiverInput): Promise<WorkflowReceiverWithSecrets>;
  rotateWorkflowSecret(
    id: string,
    wanted: WorkflowSecretRotation,
  ): Promise<{ readonly secret: string | null; readonly previousValidUntilMs: number | null }>;
  removeWorkflowReceiver(id: string): Promise<void>;
}

/** 256 random bits, in characters that a header and a URL take as they are. */
const newSecret = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

export function createWorkflowReceiverOperations(options: OperationOptions): WorkflowReceiverOperations {
  const { config, directory, receivers, change, role } = options;
  const { workflowReceivers: table } = directory;
  const context = { receivers, allowLoopback: config.allowLoopbackReceivers };

  /** With the address of who is asked, to an admin alone. */
  async function shown(receiver: WorkflowReceiver): Promise<WorkflowReceiver> {
    if (role !== "admin" || receiver.callback === null || !("url" in receiver.callback)) return receiver;
    const url = (await table.open(receiver.id))?.secrets.callbackUrl;
    return url === undefined ? receiver : { ...receiver, callback: { url } };
  }

  return {
    workflowReceivers: (page) => table.list(page),
    workflowReceiver: async (id) => shown(known("workflow receiver", await table.find(id))),
    async createWorkflowReceiver(wanted) {
      const members = ["app", "kind", "auth", "name", "location", "callback", "state"];
      const { app: appName, kind: kindName, auth: authInput, ...rest } = readMembers("a receiver", wanted, members);
      const app = readText("app", appName, 32);
      checkApp(config, app);
      const kind = readKind(kindName);
      const settings = readSettings(rest, { ...context, kind, before: undefined });
      const { secret: given, ...auth } = readAuth(authInput);
      const secret = given ?? newSecret();
      checkAuth(auth, secret);
      const callbackSecret = settings.callback === null ? null : createDeliverySecret();
      const id = await newReceiverId(await directory.checkKey.read(), app);
      const secrets = {
        auth: [{ secret, untilMs: null }],
        callback: callbackSecret === null ? [] : [{ secret: callbackSecret, untilMs: null }],
      };
      const receiver = await table.create({ id, app, kind, auth }, settings, secrets, change);
      return { receiver: await shown(receiver), secret: given === undefined ? secret : null, callbackSecret };
    },
    async changeWorkflowReceiver(id, wanted) {
      const { receiver: before, secrets, readable } = known("workflow receiver", await table.open(id));
      const settings = readSettings(wanted, { ...context, kind: before.kind, before });
      // Secrets that do not open now may open again, so only a rotation replaces them.
      const needsCallback = readable && settings.callback !== null && secrets.callback.length === 0;
      const made = needsCallback ? createDeliverySecret() : null;
      let callbackSecret: string | null = null;
      // First, so that nothing is asked unsigned.
      if (made !== null) {
        const next: NextWorkflowSecrets = ({ secrets: now }) => {
          callbackSecret = now.callback.length === 0 ? made : null;
          return callbackSecret === null ? now : { ...now, callback: [{ secret: callbackSecret, untilMs: null }] };
        };
        await table.changeSecrets(id, next, change);
      }
      const receiver = known("workflow receiver", await table.update(id, settings, change));
      return { receiver: await shown(receiver), secret: null, callbackSecret };
    },
    async rotateWorkflowSecret(id, wanted) {
      const { of, secret, overlapHours } = readMembers("a rotation", wanted, ["of", "secret", "overlapHours"]);
      const which = readChoice("of", of, ROTATED);
      if (which === undefined) throw invalid(`of is one of ${ROTATED.join(", ")}`);
      const given = readSecret(secret);
      const times = { overlapMs: readOverlapMs(overlapHours), nowMs: change.nowMs };
      const made = given ?? (which === "callback" ? createDeliverySecret() : newSecret());
      let previousValidUntilMs: number | null = null;
      const next: NextWorkflowSecrets = ({ item, secrets }) => {
        if (which === "callback" && (given !== undefined || (secrets.callback.length === 0 && item.callback === null)))
          throw invalid("of callback a secret is made, where the receiver has one");
        if (which === "auth") checkAuth(item.auth, made);
        const good = rotated(secrets[which], made, times);
        previousValidUntilMs = good.previousValidUntilMs;
        return { ...secrets, [which]: good.secrets };
      };
      known("workflow receiver", await table.changeSecrets(id, next, change));
      return { secret: given === undefined ? made : null, previousValidUntilMs };
    },
    async removeWorkflowReceiver(id) {
      if (!(await table.remove(id, change))) known("workflow receiver", undefined);
    },
  };
}
