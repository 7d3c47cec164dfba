import type { TokenSet } from "@ghl-edge/oauth";
import { recordState } from "../directory/record.ts";
import { type InstallationRef, targetOf } from "../directory/tables/installations.ts";
import type { Change } from "../domain/administration-model.ts";
import type { InstallState } from "../domain/grants/install-state.ts";
import { GatewayError } from "../platform/errors.ts";
import { retryOnce } from "../platform/retry-once.ts";
import type { Services } from "./services.ts";

type InstallServices = Pick<Services, "directory" | "objects">;

/** The tokens that an authorization code was exchanged for, and the resource that they are for. */
export interface NewInstallation {
  readonly ref: InstallationRef;
  readonly tokens: TokenSet;
  readonly change: Change;
}

/** `isRecorded`: whether the directory shows the installation. It works in both cases. */
export interface RecordedInstallation {
  readonly outcome: "installed" | "pending_approval";
  readonly isRecorded: boolean;
}

/** Records an installation whose grant is stored. The grant works without it, so two failed attempts do not undo the installation. */
async function recordInstalled({ directory }: InstallServices, { ref, tokens, change }: NewInstallation) {
  const { companyId, scopes } = tokens;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await directory.installations.installed({ ...ref, companyId, scopes }, change);
      return true;
    } catch {
      // Once more; the row is the same, and a second entry in the audit is no harm.
    }
  }
  return false;
}

/**
 * Records an installation that waits for approval, so that operators find it: by its state, and by the audit where an older grant
 * works. It also waits if the recording fails; the row is corrected when an operator reads the installation.
 */
async function recordPending(services: InstallServices, { ref, change }: NewInstallation): Promise<boolean> {
  try {
    await recordState(services, ref, change);
    const target = targetOf(ref.resource);
    await services.directory.audit.note({ action: "installation.pending_approval", app: ref.app, target }, change);
    return true;
  } catch {
    return false;
  }
}

/**
 * Stores the tokens of an install that began at the gateway, and records the installation.
 *
 * @throws {GatewayError} `install_superseded` when a later install or uninstall of the same resource has been stored
 */
export async function recordInstallation(
  services: InstallServices,
  installation: NewInstallation,
): Promise<RecordedInstallation> {
  const { ref, tokens } = installation;
  const installed = await retryOnce(
    () => services.objects.grant(ref.app, ref.resource),
    (grant) => grant.installTokens(ref, tokens),
  );
  if (!installed) throw new GatewayError({ kind: "install_superseded" });
  return { outcome: "installed", isRecorded: await recordInstalled(services, installation) };
}

/**
 * Stores the tokens of an install that began in HighLevel's marketplace, and records the installation. Its tokens wait until the signed
 * INSTALL of the same resource, or an operator, approves them.
 */
export async function recordMarketplaceInstallation(
  services: InstallServices,
  installation: NewInstallation,
): Promise<RecordedInstallation> {
  const { ref, tokens } = installation;
  const installed = await retryOnce(
    () => services.objects.grant(ref.app, ref.resource),
    (grant) => grant.storeForApproval(ref, tokens),
  );
  return installed
    ? { outcome: "installed", isRecorded: await recordInstalled(services, installation) }
    : { outcome: "pending_approval", isRecorded: await recordPending(services, installation) };
}

/**
 * Marks the state of an install as used, before its code is sent. A second callback with the same state is refused, and its code is not
 * used.
 *
 * @throws {GatewayError} `install_state_used`, `object_unreachable`
 */
export async function spendInstallState(
  { objects }: Pick<Services, "objects">,
  { app, state, expiresAtMs }: InstallState,
): Promise<void> {
  const spending = { state, expiresAtMs, spentBy: crypto.randomUUID() };
  let isOurs: boolean;
  try {
    isOurs = await retryOnce(
      () => objects.spentStates(app, state),
      (states) => states.spendState(spending),
    );
  } catch (cause) {
    throw new GatewayError({ kind: "object_unreachable" }, { cause });
  }
  if (!isOurs) throw new GatewayError({ kind: "install_state_used" });
}
