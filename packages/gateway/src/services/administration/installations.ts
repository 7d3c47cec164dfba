import { recordState } from "../../directory/record.ts";
import { type InstallationRef, targetOf } from "../../directory/tables/installations.ts";
import type { Installation } from "../../domain/administration-model.ts";
import type { TokenGrantApi } from "../../domain/contracts/token-grant.ts";
import { GatewayError } from "../../platform/errors.ts";
import { uninstallAtHighLevel } from "../uninstall-at-highlevel.ts";
import { type ActionContext, checkApp, known, reach } from "./shared.ts";

const onGrant = <Reply>(
  { objects }: ActionContext,
  ref: InstallationRef,
  call: (grant: TokenGrantApi) => Promise<Reply>,
): Promise<Reply> => reach(() => objects.grant(ref.app, ref.resource), call);

const note = ({ directory, change }: ActionContext, { app, resource }: InstallationRef, action: string) =>
  directory.audit.note({ action, app, target: targetOf(resource) }, change);

/** Reads the state from the grant's object, and brings the directory up to date. */
export async function currentInstallation(context: ActionContext, ref: InstallationRef): Promise<Installation> {
  checkApp(context.config, ref.app);
  await recordState(context, ref, context.change);
  return known("installation", await context.directory.installations.find(ref));
}

/** Approves the pending installation, as a signed INSTALL would. */
export async function approveInstallation(context: ActionContext, ref: InstallationRef): Promise<Installation> {
  const { config, directory, change } = context;
  checkApp(config, ref.app);
  const { pendingApproval } = await recordState(context, ref, change);
  if (pendingApproval === undefined) throw new GatewayError({ kind: "nothing_pending" });
  // The audit comes first, so that every approval has an actor.
  await note(context, ref, "installation.approved");
  const isApproved = await onGrant(context, ref, (grant) => grant.approve(ref));
  // False: an answer was lost, or the installation is void by now. The grant knows which.
  if (isApproved) await directory.installations.installed({ ...ref, ...pendingApproval }, change);
  return currentInstallation(context, ref);
}

/** Renews the tokens now, whatever is wrong with them, and returns the state after that. */
export async function retryInstallation(context: ActionContext, ref: InstallationRef): Promise<Installation> {
  // The check comes first, so that no object is made for an installation that never was.
  await currentInstallation(context, ref);
  await note(context, ref, "installation.retried");
  await onGrant(context, ref, (grant) => grant.retry());
  return currentInstallation(context, ref);
}

/**
 * Forgets the tokens, also those that were derived from a company's. With `atHighLevel`, HighLevel uninstalls the app first, and the
 * tokens are forgotten when it is not installed there any more.
 */
export async function uninstall(
  context: ActionContext,
  ref: InstallationRef,
  atHighLevel: boolean,
): Promise<Installation> {
  // The check comes first, so that no tombstone is made of an installation that never was.
  await currentInstallation(context, ref);
  if (atHighLevel) await uninstallAtHighLevel(context, ref);
  await onGrant(context, ref, (grant) => grant.applyUninstallEvent({ ...ref, atMs: context.change.nowMs }));
  return currentInstallation(context, ref);
}

/** Stores a private integration token. The previous one stays for its overlap. */
export async function putPrivateToken(context: ActionContext, ref: InstallationRef, token: string) {
  checkApp(context.config, ref.app);
  const status = await onGrant(context, ref, (grant) => grant.storePrivateToken(ref, token, context.change.nowMs));
  await recordState(context, ref, context.change);
  await note(context, ref, "private_token.stored");
  const { createdAtMs, remindAtMs, rotateAtMs, due, previousValidUntilMs } = status;
  return { createdAtMs, remindAtMs, rotateAtMs, due, previousValidUntilMs: previousValidUntilMs ?? null };
}
