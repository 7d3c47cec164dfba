import type { RotationStatus } from "@ghl-edge/oauth";
import { type InstallationFilter, type InstallationRef, targetOf } from "../../directory/installations.ts";
import { recordState } from "../../directory/record.ts";
import type {
  Access,
  ApiKey,
  AuditEntry,
  Installation,
  InstallationState,
  Operator,
  Page,
  PageRequest,
  Role,
} from "../../domain/administration-model.ts";
import { newApiKey } from "../../domain/api-key.ts";
import type { TokenGrantApi } from "../../domain/contracts/token-grant.ts";
import { operatorName } from "../../domain/operator-name.ts";
import { isResourceId, type Resource } from "../../domain/resource.ts";
import type { AppConfig } from "../../platform/config.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { ReconcileOperations } from "../reconcile/reconcile.ts";
import { readToken } from "./input.ts";
import { createWebhookOperations, type WebhookOperations } from "./operations.ts";
import { checkApp, known, type OperationOptions, reach } from "./shared.ts";

/** An app of this deployment. Its credentials are configuration, so that no database holds them. */
export interface AppSummary {
  readonly name: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Installations by state; a state without any is left out. */
  readonly installations: Readonly<Partial<Record<InstallationState, number>>>;
}

export interface NewApiKey {
  readonly name: string;
  readonly app: string;
  readonly access: Access;
  readonly resources: readonly Resource[] | null;
}

export type OfApp = PageRequest & { readonly app?: string | undefined };

/** What an operator can do; the admin API and the service binding are two ways to it. */
export interface Administration extends WebhookOperations, ReconcileOperations {
  apps(): Promise<readonly AppSummary[]>;
  installations(filter: InstallationFilter): Promise<Page<Installation>>;
  /** Asks the grant's object, and brings the directory to what it says. */
  installation(ref: InstallationRef): Promise<Installation>;
  /** Approves the installation that waits for it, as a signed INSTALL would. */
  approve(ref: InstallationRef): Promise<Installation>;
  /** Has renewal of its tokens tried now, whatever is wrong; the answer is the state after that. */
  retry(ref: InstallationRef): Promise<Installation>;
  /**
   * Forgets the tokens; those that were minted from a company's, too. HighLevel keeps the app installed, unless
   * `atHighLevel` says that it is asked first: then they are forgotten when it is not installed there any more.
   */
  uninstall(ref: InstallationRef, atHighLevel?: boolean): Promise<Installation>;
  /** Stores a private integration token; the one before stays for its overlap. */
  keepPrivateToken(ref: InstallationRef, token: string): Promise<RotationStatus>;
  apiKeys(page: OfApp): Promise<Page<ApiKey>>;
  /** The key itself is in this answer and nowhere else. */
  createApiKey(wanted: NewApiKey): Promise<{ readonly key: string; readonly apiKey: ApiKey }>;
  revokeApiKey(id: string): Promise<ApiKey>;
  operators(): Promise<readonly Operator[]>;
  putOperator(name: string, role: Role): Promise<Operator>;
  removeOperator(name: string): Promise<void>;
  audit(page: OfApp): Promise<Page<AuditEntry>>;
}

function readOperatorName(name: string): string {
  const read = typeof name === "string" ? operatorName(name) : undefined;
  if (read === undefined)
    throw new GatewayError({ kind: "input_invalid", problem: "name must be 1 to 254 characters of ASCII" });
  return read;
}

function readRole(role: Role): Role {
  if (role !== "viewer" && role !== "admin")
    throw new GatewayError({ kind: "input_invalid", problem: "role must be viewer or admin" });
  return role;
}

export interface AdministrationOptions extends OperationOptions, ReconcileOperations {
  /** Returns when the app is not installed at HighLevel any more. */
  readonly uninstallAtHighLevel: (ref: InstallationRef) => Promise<void>;
}

export function createAdministration(options: AdministrationOptions): Administration {
  const { config, directory, objects, change } = options;
  const { installations, apiKeys, operators, audit } = directory;
  const summary = (
    { name, clientId, scopes }: AppConfig,
    counts: Awaited<ReturnType<typeof installations.counts>>,
  ): AppSummary => {
    const own = counts.filter(({ app }) => app === name).map(({ state, count }) => [state, count] as const);
    return { name, clientId, scopes, installations: Object.fromEntries(own) };
  };
  const checkResource = ({ kind, id }: Resource): void => {
    if ((kind !== "location" && kind !== "company") || typeof id !== "string" || !isResourceId(id))
      throw new GatewayError({ kind: "input_invalid", problem: "A resource has a kind and an id of HighLevel's" });
  };
  const onGrant = <Reply>(ref: InstallationRef, call: (grant: TokenGrantApi) => Promise<Reply>): Promise<Reply> =>
    reach(() => objects.grant(ref.app, ref.resource), call);
  const checkRef = ({ app, resource }: InstallationRef): void => {
    checkApp(config, app);
    checkResource(resource);
  };
  const current = async (ref: InstallationRef): Promise<Installation> => {
    checkRef(ref);
    await recordState({ directory, objects }, ref, change);
    return known("installation", await installations.find(ref));
  };
  return {
    async apps() {
      const counts = await installations.counts();
      return [...config.apps.values()].map((app) => summary(app, counts));
    },
    installations: (filter) => installations.list(filter),
    installation: current,
    async approve(ref) {
      checkRef(ref);
      const { pendingApproval } = await recordState({ directory, objects }, ref, change);
      if (pendingApproval === undefined) throw new GatewayError({ kind: "nothing_held" });
      // The audit entry comes first, so that each approval has an operator.
      await audit.note({ action: "installation.approved", app: ref.app, target: targetOf(ref.resource) }, change);
      const approved = await onGrant(ref, (grant) => grant.approve(ref));
      // False: an answer was lost, or it is void by now. Which of both, the grant says.
      if (approved) await installations.installed({ ...ref, ...pendingApproval }, change);
      return current(ref);
    },
    async retry(ref) {
      // First, so that no object is made for what never was.
      await current(ref);
      await audit.note({ action: "installation.retried", app: ref.app, target: targetOf(ref.resource) }, change);
      await onGrant(ref, (grant) => grant.retry());
      return current(ref);
    },
    async uninstall(ref, atHighLevel) {
      // First, so that no tombstone is made of what never was.
      await current(ref);
      if (atHighLevel === true) await options.uninstallAtHighLevel(ref);
      await onGrant(ref, (grant) => grant.uninstalled({ ...ref, atMs: change.nowMs }));
      return current(ref);
    },
    async keepPrivateToken(ref, token) {
      checkRef(ref);
      const checked = readToken(token);
      const status = await onGrant(ref, (grant) => grant.keepPrivateToken(ref, checked, change.nowMs));
      await recordState({ directory, objects }, ref, change);
      await audit.note({ action: "private_token.kept", app: ref.app, target: targetOf(ref.resource) }, change);
      return status;
    },
    apiKeys: (page) => apiKeys.list(page),
    async createApiKey(wanted) {
      checkApp(config, wanted.app);
      wanted.resources?.forEach(checkResource);
      const { id, key, hash } = await newApiKey(await directory.checkKey.read());
      return { key, apiKey: await apiKeys.create({ ...wanted, id, hash }, change) };
    },
    revokeApiKey: async (id) => known("API key", await apiKeys.revoke(id, change)),
    operators: () => operators.list(),
    async putOperator(name, role) {
      const known = readOperatorName(name);
      return operators.put(known, readRole(role), change);
    },
    async removeOperator(name) {
      if (!(await operators.remove(readOperatorName(name), change))) known("operator", undefined);
    },
    audit: (page) => audit.list(page),
    ...createWebhookOperations(options),
    reconcileLocation: (ref, wanted) => options.reconcileLocation(ref, wanted),
  };
}
