import * as v from "valibot";
import { RECONCILE_MODULE_NAMES } from "../../reconcile/modules.ts";
import { reconcileLocation } from "../../reconcile/reconcile.ts";
import { defineAction } from "../action.ts";
import { removeLocationData } from "../location-data.ts";
import {
  count,
  cursor,
  described,
  dryRun,
  listOf,
  locationEntries,
  nextStep,
  optionalText,
  sinceMs,
} from "../schema.ts";

const moduleName = v.picklist(RECONCILE_MODULE_NAMES);
const moduleReport = v.strictObject({
  module: moduleName,
  checked: described(count, "Changes that this step has checked."),
  missed: described(count, "Changes that no event was about."),
  refused: described(optionalText, "Stable code that says why the module was given up. Null: it was not."),
});
const reconciled = v.strictObject({
  modules: described(v.array(moduleReport), "The modules that this step has reached."),
  nextCursor: nextStep,
});
const removedData = v.strictObject({
  tokens: described(v.boolean(), "Whether there were any."),
  inboxes: count,
  events: count,
  bufferedEvents: described(count, "Events that had not reached their inbox yet."),
  deliveries: described(count, "Dead letters among them."),
  directoryRows: described(count, "Rows of inboxes, of the installation and of its inactivity."),
  nextCursor: nextStep,
});

export const locationDataSchemas = { ModuleReport: moduleReport, Reconciled: reconciled, RemovedData: removedData };

export const locationDataActions = {
  reconcileLocation: defineAction({
    tag: "installations",
    summary:
      "One step of finding changes at HighLevel that no webhook reported. Endpoints get each as record.reconciled, or it is only counted.",
    role: "admin",
    http: { method: "post", path: "/admin/installations/{app}/location/{id}/reconcile", body: "Reconcile" },
    input: v.strictObject({
      ...locationEntries,
      sinceMs,
      modules: v.optional(
        described(listOf(moduleName, { min: 1, max: RECONCILE_MODULE_NAMES.length }), "Default: all modules."),
      ),
      dryRun: v.optional(dryRun, false),
      cursor: v.optional(described(cursor(), "`nextCursor` of the previous step. All other fields stay as they were.")),
    }),
    output: reconciled,
    run: (context, input) => reconcileLocation(context, input),
  }),
  removeLocationData: defineAction({
    tag: "installations",
    summary:
      "One step of removing everything the gateway stores of a location: tokens, events, deliveries, dead letters, rows. The audit stays.",
    role: "admin",
    http: { method: "post", path: "/admin/installations/{app}/location/{id}/remove-data", body: "DataRemoval" },
    input: v.strictObject({ ...locationEntries, cursor: v.optional(cursor()) }),
    output: removedData,
    run: (context, input) => removeLocationData(context, input),
  }),
};
