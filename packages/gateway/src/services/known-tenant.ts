import type { Directory } from "../directory/directory.ts";
import type { InstallationRef } from "../directory/tables/installations.ts";
import { resourceKey } from "../domain/events/inbox-event.ts";
import type { Isolate } from "../isolate.ts";

/** Longer would delay the acknowledgement; the directory answers within milliseconds. */
const LONGEST_READ_MS = 1_000;

export interface TenantSources {
  readonly directory: Pick<Directory, "installations">;
  /** Remembers known tenants. */
  readonly isolate: Pick<Isolate, "knownTenants">;
}

function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * Returns whether the app is or was installed at a resource, or at the company that is named with it. A directory that does not answer
 * counts as yes: an event must not be lost to it.
 */
export async function isKnownTenant(
  { directory, isolate: { knownTenants } }: TenantSources,
  ref: InstallationRef & { readonly companyId: string | undefined },
): Promise<boolean> {
  const name = `${ref.app}:${resourceKey(ref.resource)}`;
  if (knownTenants.get(name)) return true;
  try {
    const isKnown = (await within(directory.installations.isKnown(ref), LONGEST_READ_MS)) ?? true;
    if (isKnown) knownTenants.set(name, true);
    return isKnown;
  } catch {
    return true;
  }
}
