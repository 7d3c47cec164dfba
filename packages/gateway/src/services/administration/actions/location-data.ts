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
  checked: described(count, "Number of changes that this step has checked."),
  missed: described(count, "Number of changes that no event reported."),
  refused: described(
    optionalText,
    "Stable code of the reason why the module could not be read. Null: it could be read.",
  ),
});
const reconciled = v.strictObject({
  modules: described(v.array(moduleReport), "Modules that this step has reached."),
  nextCursor: nextStep,
});
const removedData = v.strictObject({
  tokens: described(v.boolean(), "Whether tokens were removed."),
  inboxes: described(count, "Number of removed inboxes."),
  events: described(count, "Number of removed events."),
  bufferedEvents: described(count, "Number of removed events that had not reached their inbox yet."),
  deliveries: described(count, "Number of removed deliveries, including dead letters."),
  directoryRows: described(
    count,
    "Number of removed rows of the directory: of inboxes, of the installation and of its inactivity.",
  ),
  nextCursor: nextStep,
});

export const locationDataSchemas = { ModuleReport: moduleReport, Reconciled: reconciled, RemovedData: removedData };

export const locationDataActions = {
  reconcileLocation: defineAction({
    tag: "installations",
    summary:
      "Finds changes at HighLevel that no webhook reported, one step per call. Endpoints get each change as record.reconciled. With dryRun changes are only counted.",
    role: "admin",
    http: { method: "post", path: "/admin/installations/{app}/location/{id}/reconcile", body: "Reconcile" },
    input: v.strictObject({
      ...locationEntries,
      sinceMs,
      modules: v.optional(
        described(
          listOf(moduleName, { min: 1, max: RECONCILE_MODULE_NAMES.length }),
          "Modules to reconcile. Default: all modules.",
        ),
      ),
      dryRun: v.optional(dryRun, false),
      cursor: v.optional(
        described(cursor(), "Value of `nextCursor` of the previous step. All other fields must stay the same."),
      ),
    }),
    output: reconciled,
    run: (context, input) => reconcileLocation(context, input),
  }),
  removeLocationData: defineAction({
    tag: "installations",
    summary:
      "Removes everything that the gateway stores of a location, one step per call: tokens, events, deliveries, dead letters and rows. The audit stays.",
    role: "admin",
    http: { method: "post", path: "/admin/installations/{app}/location/{id}/remove-data", body: "DataRemoval" },
    input: v.strictObject({ ...locationEntries, cursor: v.optional(cursor()) }),
    output: removedData,
    run: (context, input) => removeLocationData(context, input),
  }),
};
