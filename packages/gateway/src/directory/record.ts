import type { Change } from "../domain/administration-model.ts";
import type { InstallationStatus } from "../domain/contracts/token-grant.ts";
import type { Objects } from "../platform/env.ts";
import { GatewayError } from "../platform/errors.ts";
import { retryOnce } from "../platform/retry-once.ts";
import type { Directory } from "./directory.ts";
import { reportOf } from "./installation-report.ts";
import { type InstallationRef, targetOf } from "./tables/installations.ts";

type Installed = Parameters<Directory["installations"]["installed"]>[0];

/**
 * Records an installation whose grant is stored. The grant works whether the directory knows it or not, so two failed attempts do
 * not undo the installation.
 *
 * @returns false when the directory could not be reached twice
 */
export async function recordInstalled(directory: Directory, installed: Installed, change: Change): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await directory.installations.installed(installed, change);
      return true;
    } catch {
      // Once more; the row is the same, and a second entry in the audit is no harm.
    }
  }
  return false;
}

export interface Sources {
  readonly directory: Directory;
  readonly objects: Objects;
}

/** @throws GatewayError where the object cannot be reached */
export async function statusOf(objects: Objects, { app, resource }: InstallationRef): Promise<InstallationStatus> {
  try {
    return await retryOnce(
      () => objects.grant(app, resource),
      (grant) => grant.status(),
    );
  } catch {
    throw new GatewayError({ kind: "object_unreachable" });
  }
}

/**
 * Brings the directory's row to what the grant's object says now, and answers that. Asking the object, instead of
 * believing the event that made us ask, gives late and repeated events no way to set an older state.
 */
export async function recordState(
  { directory, objects }: Sources,
  ref: InstallationRef,
  change: Change,
): Promise<InstallationStatus> {
  const status = await statusOf(objects, ref);
  const report = reportOf(status);
  if (report !== undefined) await directory.installations.report(ref, report, change);
  return status;
}

/**
 * Records an installation that waits for approval, so that operators find it: by its state, and by the audit where an older grant
 * works. It also waits if the recording fails; the row is corrected when an operator reads the installation.
 *
 * @returns false when the recording failed
 */
export async function recordPending(sources: Sources, ref: InstallationRef, change: Change): Promise<boolean> {
  try {
    await recordState(sources, ref, change);
    const { app, resource } = ref;
    await sources.directory.audit.note(
      { action: "installation.pending_approval", app, target: targetOf(resource) },
      change,
    );
    return true;
  } catch {
    return false;
  }
}
