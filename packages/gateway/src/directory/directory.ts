/**
 * The D1 database of installations, API keys, operators, endpoints and the audit. Tokens are not in it: each is stored in its
 * own object. All installations share one database, because operators search across them, and an object cannot.
 */
import type { KeyRing } from "../domain/grants/seal.ts";
import { GatewayError } from "../platform/errors.ts";
import { type CheckKey, createCheckKey } from "./check-key.ts";
import type { RecentEndpoints } from "./recent-endpoints.ts";
import { type ApiKeys, createApiKeys } from "./tables/api-keys.ts";
import { type AuditLog, createAuditLog } from "./tables/audit.ts";
import { createEndpoints, type Endpoints } from "./tables/endpoints.ts";
import { createInactivity, type Inactivity } from "./tables/inactivity.ts";
import { createInboxes, type Inboxes } from "./tables/inboxes.ts";
import { createInstallations, type Installations } from "./tables/installations.ts";
import { createJobCursors, type JobCursors } from "./tables/job-cursors.ts";
import { createOperators, type Operators } from "./tables/operators.ts";
import { createUndeliveredEvents, type UndeliveredEvents } from "./tables/undelivered-events.ts";
import { createWorkflowReceivers, type WorkflowReceivers } from "./tables/workflow-receivers.ts";

export interface Directory {
  readonly installations: Installations;
  readonly apiKeys: ApiKeys;
  readonly operators: Operators;
  readonly audit: AuditLog;
  readonly endpoints: Endpoints;
  readonly inboxes: Inboxes;
  readonly workflowReceivers: WorkflowReceivers;
  readonly inactivity: Inactivity;
  readonly jobCursors: JobCursors;
  readonly undeliveredEvents: UndeliveredEvents;
  readonly checkKey: CheckKey;
}

/** Turns every failure of the database into one reason, so that a caller is refused and never let through. */
function closed<Table extends object>(table: Table): Table {
  return new Proxy(table, {
    get(target, name, proxy) {
      const method: unknown = Reflect.get(target, name, proxy);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        try {
          return (await Reflect.apply(method, target, args)) as unknown;
        } catch (error) {
          throw error instanceof GatewayError ? error : new GatewayError({ kind: "directory_unreachable" });
        }
      };
    },
  });
}

/** `ring` seals the secrets of endpoints and workflow receivers. */
export function createDirectory(db: D1Database, ring: KeyRing, recent: RecentEndpoints): Directory {
  return {
    installations: closed(createInstallations(db)),
    apiKeys: closed(createApiKeys(db)),
    operators: closed(createOperators(db)),
    audit: closed(createAuditLog(db)),
    endpoints: closed(createEndpoints(db, ring, recent)),
    inboxes: closed(createInboxes(db)),
    workflowReceivers: closed(createWorkflowReceivers(db, ring)),
    inactivity: closed(createInactivity(db)),
    jobCursors: closed(createJobCursors(db)),
    undeliveredEvents: closed(createUndeliveredEvents(db)),
    checkKey: closed(createCheckKey(db)),
  };
}
