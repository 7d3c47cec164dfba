import type { GrantState } from "@ghl-edge/oauth";
import type { InstallationProblem, InstallationState } from "../domain/administration-model.ts";
import type { InstallationStatus } from "../domain/contracts/token-grant.ts";
import { confirmedProblem } from "../domain/grants/grant-event.ts";

/** The state of an installation, as the object of its grant reports it. */
export interface InstallationReport {
  readonly state: InstallationState;
  readonly companyId: string | undefined;
  /** Belongs to the grant whose state this is, or to another one beside it. */
  readonly problem: InstallationProblem | undefined;
  /** Scopes of an installation that waits for approval. Undefined: the known scopes stay. */
  readonly scopes?: readonly string[] | undefined;
}

function stateOf({ status, problem }: GrantState): InstallationState {
  // A renewal that needs another configuration does not go on by itself.
  if (problem?.configurationId !== undefined) return "misconfigured";
  // A token that is being renewed is given out until it ends.
  return status === "refreshing" ? "active" : status;
}

/** States in which no token works for now; the better one comes first. */
const STOPPED: readonly InstallationState[] = ["suspended", "misconfigured"];

/** The resource's own grant decides first. A derived token that stood in for it is not asked for while the own grant works. */
function problemOf(own: GrantState | undefined, grants: readonly GrantState[]): InstallationProblem | undefined {
  const isEnough = own?.current !== undefined && stateOf(own) === "active";
  const problem = isEnough ? confirmedProblem(own) : grants.map(confirmedProblem).find((one) => one !== undefined);
  return problem && { code: problem.code, atMs: problem.atMs };
}

/**
 * A working token decides first: the location's own, its company's, or a private integration's. Without one, an installation is
 * pending if it waits for approval or if HighLevel has reported it; else it ended. Undefined: the object knows nothing.
 */
export function reportOf(status: InstallationStatus): InstallationReport | undefined {
  const { grant, derived, privateIntegration, privateRefusal, pendingApproval, unreadable } = status;
  const companyId = grant?.companyId ?? derived?.companyId ?? pendingApproval?.companyId;
  const known = [grant, derived].filter((one) => one !== undefined && one.epoch > 0);
  const states = known.map((one) => stateOf(one!));
  // A private integration token comes last: it is not asked for while a grant works.
  const refusal = states.includes("active") ? undefined : privateRefusal;
  if (privateIntegration !== undefined) states.push("active");
  const problem =
    (refusal && { code: refusal.code, atMs: refusal.atMs }) ??
    problemOf(
      grant,
      known.map((one) => one!),
    );
  if (states.includes("active")) return { state: "active", companyId, problem };
  // Secrets that do not open count as missing, but the installation exists.
  if (pendingApproval === undefined && unreadable.length > 0 && !states.includes("suspended"))
    return { state: "reauth_required", companyId, problem };
  if (pendingApproval !== undefined) return { state: "pending", companyId, problem, scopes: pendingApproval.scopes };
  const isReported = known.some((one) => one!.status === "pending" && one!.installedAtMs !== undefined);
  const best =
    STOPPED.find((state) => states.includes(state)) ??
    (isReported ? "pending" : states.find((state) => state !== "pending"));
  return best === undefined ? undefined : { state: best, companyId, problem };
}
