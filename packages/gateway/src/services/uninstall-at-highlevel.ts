import { appIdOf } from "@ghl-edge/oauth";
import { statusOf } from "../directory/record.ts";
import { type InstallationRef, targetOf } from "../directory/tables/installations.ts";
import { answerBytes } from "../domain/api/answer-bytes.ts";
import { DEFAULT_MAX_WAIT_MS } from "../domain/api/call-options.ts";
import { findOperation, operationName } from "../domain/api/operation.ts";
import { upstreamHeaders } from "../domain/api/proxy-headers.ts";
import { type UninstallOutcome, uninstallOutcome } from "../domain/grants/uninstall-answer.ts";
import { GatewayError, type Reason } from "../platform/errors.ts";
import type { ActionContext } from "./administration/shared.ts";
import { type ProxyCall, proxyCall } from "./proxy-call.ts";

/** HighLevel's document of v3 (2026-06) wants one of a developer. */
const REASON = "Uninstalled by an operator of the gateway";
/** The answer has one member. */
const ANSWER_BOUNDS = { maxBytes: 65_536, timeoutMs: 10_000 };

function callFor({ config, change }: ActionContext, { app, resource }: InstallationRef): ProxyCall {
  const { clientId } = config.apps.get(app)!;
  const path = `/marketplace/app/${encodeURIComponent(appIdOf(clientId))}/installations`;
  const route = findOperation("DELETE", path, undefined)!;
  const named = resource.kind === "company" ? { companyId: resource.id } : { locationId: resource.id };
  const inbound = new Headers({ accept: "application/json", "content-type": "application/json" });
  return {
    credentials: {
      app,
      resource,
      key: change.actor,
      // One call that a person waits for; and an app may have to go just because it has used up the day's budget.
      priority: "interactive",
      // A private integration is no installation of the app.
      acceptedTokenTypes: "oauth",
      scopes: route.scopes,
    },
    operation: operationName(route),
    maxWaitMs: DEFAULT_MAX_WAIT_MS,
    isRepeatable: true,
    request: (accessToken) => ({
      url: config.apiUrl + path,
      method: "DELETE",
      headers: upstreamHeaders(inbound, { accessToken, version: route.version || undefined }),
      body: JSON.stringify({ ...named, reason: REASON }),
    }),
  };
}

/** Outcome of the call, and the reason of the refusal for all outcomes but `ended`. */
type CallResult = { readonly outcome: UninstallOutcome; readonly reason: Reason };

async function callHighLevel(options: ActionContext, ref: InstallationRef): Promise<CallResult> {
  try {
    const { response } = await proxyCall(options, callFor(options, ref));
    const reason = { kind: "uninstall_refused", answerStatus: response.status } as const;
    const bytes = await answerBytes(response, ANSWER_BOUNDS);
    const outcome =
      bytes === undefined ? "unclear" : uninstallOutcome(response.status, new TextDecoder().decode(bytes));
    return { outcome, reason };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { reason } = error;
    if (reason.kind === "upstream_unreachable") return { outcome: "unclear", reason };
    const isTokenless = reason.kind === "not_installed" || reason.kind === "reauth_required";
    return { outcome: isTokenless ? "token_refused" : "refused", reason };
  }
}

/**
 * Returns whether HighLevel ended the installation earlier. Without a token no call can find out, so the audit decides: it has an
 * UNINSTALL, or an earlier call whose answer was lost. Entries from before the last installation do not count.
 */
async function endedBefore({ objects, directory }: ActionContext, ref: InstallationRef): Promise<boolean> {
  const { grant, derived, pendingApproval } = await statusOf(objects, ref);
  if (pendingApproval !== undefined) return false;
  const installedAtMs = Math.max(grant?.installedAtMs ?? 0, derived?.installedAtMs ?? 0);
  return directory.audit.hasRecordedEnd({ app: ref.app, target: targetOf(ref.resource) }, installedAtMs);
}

/**
 * Uninstalls the app from a location or company at HighLevel, with the installation's own token and from its budget. Nothing is
 * removed here, so the call may be repeated.
 *
 * @throws {GatewayError} when the app may still be installed there
 */
export async function uninstallAtHighLevel(options: ActionContext, ref: InstallationRef): Promise<void> {
  const { directory, change } = options;
  const note = (action: string): Promise<void> =>
    // A missing entry only costs a repeated call its shortcut.
    directory.audit.note({ action, app: ref.app, target: targetOf(ref.resource) }, change).catch(() => {});
  const { outcome, reason } = await callHighLevel(options, ref);
  if (outcome === "ended") return note("installation.uninstalled_at_highlevel");
  if (outcome === "token_refused") {
    if (await endedBefore(options, ref)) return;
    throw new GatewayError({ kind: "uninstall_without_token" });
  }
  if (outcome === "unclear") await note("installation.uninstall_unanswered");
  throw new GatewayError(reason);
}
