import { type Administration, createAdministration } from "../../services/administration/administration.ts";
import { reconcileLocation } from "../../services/reconcile/reconcile.ts";
import { type UninstallOptions, uninstallAtHighLevel } from "../../services/uninstall-at-highlevel.ts";

/** What operators can do, with the way to HighLevel: for the admin API and the service binding alike. */
export function administrationOf(options: UninstallOptions): Administration {
  return createAdministration({
    ...options,
    uninstallAtHighLevel: (ref) => uninstallAtHighLevel(options, ref),
    reconcileLocation: (ref, wanted) => reconcileLocation(options, ref, wanted),
  });
}
