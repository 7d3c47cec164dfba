import { type Administration, createAdministration } from "../../directory/administration.ts";
import { reconcileLocation } from "../../repair/reconcile.ts";
import { type UninstallOptions, uninstallAtHighLevel } from "./uninstall-at-highlevel.ts";

/** What operators can do, with the way to HighLevel: for the admin API and the service binding alike. */
export function administrationOf(options: UninstallOptions): Administration {
  return createAdministration({
    ...options,
    uninstallAtHighLevel: (ref) => uninstallAtHighLevel(options, ref),
    reconcileLocation: (ref, wanted) => reconcileLocation(options, ref, wanted),
  });
}
