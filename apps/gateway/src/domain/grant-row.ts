import type { Grant } from "./grant.ts";
import { type Resource, resourceName } from "./resource.ts";
import { createDataKey, type DataKey, type KeyRing, open, openDataKey, seal } from "./seal.ts";

/** The one row of a `TokenGrant` object; STORAGE.md says what each column is. Tokens are ciphertext. */
export interface GrantRow {
  readonly app: string;
  readonly kind: string;
  readonly resource_id: string;
  readonly company_id: string | null;
  readonly epoch: number;
  readonly status: string;
  readonly scopes: string;
  readonly data_key: string;
  readonly access_token: string;
  readonly refresh_token: string | null;
  readonly access_expires_at_ms: number;
  readonly refresh_at_ms: number;
  readonly intent_first_sent_at_ms: number | null;
  readonly intent_attempt: number | null;
  readonly intent_in_flight: number | null;
  readonly intent_due_at_ms: number | null;
  readonly intent_rejected_at_ms: number | null;
}

/** The columns that a refresh in progress changes: no token among them, so they are written without encryption. */
export type ProgressColumns = Pick<GrantRow, "epoch" | "status" | Extract<keyof GrantRow, `intent_${string}`>>;

/** A grant with what its storage needs to know beside it. */
export interface HeldGrant {
  readonly app: string;
  readonly grant: Grant;
  readonly dataKey: DataKey;
}

export function progressColumns({ epoch, status, intent }: Grant): ProgressColumns {
  return {
    epoch,
    status,
    intent_first_sent_at_ms: intent?.firstSentAtMs ?? null,
    intent_attempt: intent?.attempt ?? null,
    intent_in_flight: intent === undefined ? null : Number(intent.inFlight),
    intent_due_at_ms: intent?.dueAtMs ?? null,
    intent_rejected_at_ms: intent?.rejectedAtMs ?? null,
  };
}

const place = (app: string, resource: Resource, field: string): string => `${resourceName(app, resource)}:${field}`;

/** The data key of a grant is made with its first installation and stays. */
export function newDataKey(ring: KeyRing, app: string, resource: Resource): Promise<DataKey> {
  return createDataKey(ring, resourceName(app, resource));
}

export async function toRow({ app, grant, dataKey }: HeldGrant): Promise<GrantRow> {
  const { resource, accessToken, refreshToken } = grant;
  return {
    app,
    kind: resource.kind,
    resource_id: resource.id,
    company_id: grant.companyId ?? null,
    scopes: grant.scopes.join(" "),
    data_key: dataKey.wrapped,
    access_token: await seal(dataKey, accessToken, place(app, resource, "access_token")),
    refresh_token:
      refreshToken === undefined ? null : await seal(dataKey, refreshToken, place(app, resource, "refresh_token")),
    access_expires_at_ms: grant.accessExpiresAtMs,
    refresh_at_ms: grant.refreshAtMs,
    ...progressColumns(grant),
  };
}

/** @throws SealBrokenError when the row does not open */
export async function fromRow(ring: KeyRing, row: GrantRow): Promise<HeldGrant> {
  const { app } = row;
  const resource: Resource = { kind: row.kind === "company" ? "company" : "location", id: row.resource_id };
  const dataKey = await openDataKey(ring, row.data_key, resourceName(app, resource));
  const intent =
    row.intent_first_sent_at_ms === null
      ? undefined
      : {
          firstSentAtMs: row.intent_first_sent_at_ms,
          attempt: row.intent_attempt ?? 1,
          inFlight: row.intent_in_flight === 1,
          dueAtMs: row.intent_due_at_ms ?? 0,
          rejectedAtMs: row.intent_rejected_at_ms ?? undefined,
        };
  const grant: Grant = {
    epoch: row.epoch,
    status: row.status as Grant["status"],
    resource,
    companyId: row.company_id ?? undefined,
    scopes: row.scopes.split(" ").filter((scope) => scope !== ""),
    accessToken: await open(dataKey, row.access_token, place(app, resource, "access_token")),
    refreshToken:
      row.refresh_token === null
        ? undefined
        : await open(dataKey, row.refresh_token, place(app, resource, "refresh_token")),
    accessExpiresAtMs: row.access_expires_at_ms,
    refreshAtMs: row.refresh_at_ms,
    intent,
  };
  return { app, grant, dataKey };
}
