import { env } from "cloudflare:workers";
import type { WholeEvent } from "../../../src/domain/contracts/webhook-inbox.ts";
import type { WorkflowReceiverWithSecrets } from "../../../src/services/administration/workflow-receivers.ts";
import { APP } from "../setup/settings.ts";
import { administer } from "./admin.ts";
import { call } from "./gateway.ts";

export interface TestWorkflowReceiver extends WorkflowReceiverWithSecrets {
  readonly path: string;
}

/** Adds a workflow receiver with a generated secret in `x-secret`. */
export async function addWorkflowReceiver(settings: Record<string, unknown> = {}): Promise<TestWorkflowReceiver> {
  const created = await administer<WorkflowReceiverWithSecrets>("POST", "/admin/workflow-receivers", {
    app: APP,
    name: "test",
    kind: "webhook",
    location: null,
    auth: { kind: "header", name: "x-secret" },
    ...settings,
  });
  return { ...created, path: `/workflows/${created.receiver.app}/${created.receiver.id}` };
}

/** A request with the receiver's secret; a body that is no text goes as JSON. */
export function run({ path, secret }: TestWorkflowReceiver, body?: unknown, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const sent = body === undefined ? {} : { method: "POST", body: text };
  return call(path, { ...sent, ...init, headers: { "x-secret": secret!, ...init.headers } });
}

export const inboxOf = (location: string | undefined) =>
  env.WEBHOOK_INBOX.getByName(
    `${APP}:${location === undefined ? "none" : `location:${location}`}:${new Date().toISOString().slice(0, 10)}`,
  );

/** Returns the events in an inbox of today, oldest first. */
export async function eventsIn(
  location: string | undefined,
): Promise<(Omit<WholeEvent, "body"> & { data: unknown })[]> {
  const inbox = inboxOf(location);
  const listed = [...(await inbox.events({}, 200))].reverse();
  const whole = await Promise.all(listed.map(({ dedupeKey }) => inbox.event(`evt_${dedupeKey.slice(0, 32)}`)));
  return whole.map((event) => {
    const { body, ...rest } = event!;
    return { ...rest, data: JSON.parse(new TextDecoder().decode(body)) as unknown };
  });
}
