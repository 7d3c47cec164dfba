import { readResource } from "../../services/administration/input.ts";
import type { DataRemoval } from "../../services/administration/location-data.ts";
import { MAX_TIME_MS } from "../../services/administration/wanted.ts";
import { RECONCILE_MODULE_NAMES } from "../../services/reconcile/modules.ts";
import type { Reconcile } from "../../services/reconcile/reconcile.ts";
import { readBody } from "./input.ts";
import type { AdminRoute } from "./route.ts";
import { list, nullable, record, ref, type Schema } from "./schema-parts.ts";

const moduleName: Schema = { type: "string", enum: RECONCILE_MODULE_NAMES };

export const repairSchemas: Readonly<Record<string, Schema>> = {
  Reconcile: {
    type: "object",
    properties: {
      sinceMs: {
        type: "integer",
        format: "int64",
        minimum: 0,
        maximum: MAX_TIME_MS,
        description: "Changes from this time on, in milliseconds since 1970; at most 28 days back.",
      },
      modules: {
        ...list(moduleName),
        minItems: 1,
        maxItems: RECONCILE_MODULE_NAMES.length,
        description: "Default: all.",
      },
      dryRun: { type: "boolean", default: false, description: "Count, and do nothing." },
      cursor: { type: "string", description: "nextCursor of the step before; all else stays as it was." },
    },
    required: ["sinceMs"],
    additionalProperties: false,
  },
  DataRemoval: {
    type: "object",
    properties: { cursor: { type: "string", description: "nextCursor of the step before." } },
    additionalProperties: false,
  },
  RemovedData: record({
    tokens: { type: "boolean", description: "Whether there were any." },
    inboxes: { type: "integer" },
    events: { type: "integer" },
    bufferedEvents: { type: "integer", description: "That were on their way to an inbox." },
    deliveries: { type: "integer", description: "Dead letters among them." },
    directoryRows: { type: "integer", description: "Of inboxes, the installation and its inactivity." },
    nextCursor: { ...nullable("string"), description: "Ask again with it as cursor; null: all is removed." },
  }),
  ModuleReport: record({
    module: moduleName,
    checked: { type: "integer", description: "Changes that this step has looked at." },
    missed: { type: "integer", description: "Changes that no event was about." },
    refused: { ...nullable("string"), description: "Why the module was given up, as a stable code; null: it was not." },
  }),
  Reconciled: record({
    modules: { ...list(ref("ModuleReport")), description: "Those that this step has come to." },
    nextCursor: { ...nullable("string"), description: "Ask again with it as cursor; null: all is done." },
  }),
};

export const repairRoutes: readonly AdminRoute[] = [
  {
    method: "post",
    path: "/admin/installations/{app}/location/{id}/reconcile",
    operationId: "reconcileLocation",
    tag: "installations",
    summary:
      "One step of telling receivers what changed at HighLevel and no webhook told of, as record.reconciled, or of counting it.",
    role: "admin",
    body: "Reconcile",
    status: 200,
    answer: "Reconciled",
    async handle(admin, c) {
      const { app = "", id } = c.req.param() as Record<string, string>;
      return admin.reconcileLocation(
        { app, resource: readResource({ kind: "location", id }) },
        await readBody<Reconcile>(c),
      );
    },
  },
  {
    method: "post",
    path: "/admin/installations/{app}/location/{id}/remove-data",
    operationId: "removeLocationData",
    tag: "installations",
    summary:
      "One step of removing what the gateway holds of a location: tokens, events, deliveries, dead letters, rows. The audit stays.",
    role: "admin",
    body: "DataRemoval",
    status: 200,
    answer: "RemovedData",
    async handle(admin, c) {
      const { app = "", id } = c.req.param() as Record<string, string>;
      const ref = { app, resource: readResource({ kind: "location", id }) };
      return admin.removeLocationData(ref, await readBody<DataRemoval>(c));
    },
  },
];
