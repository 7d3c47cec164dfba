import type { AppConfig, GatewayConfig } from "../config.ts";
import { newApiKey } from "../domain/api-key.ts";
import type { Resource } from "../domain/resource.ts";
import { GatewayError } from "../errors.ts";
import type { Directory } from "./directory.ts";
import type { InstallationFilter, InstallationRef } from "./installations.ts";
import type {
  Access,
  ApiKey,
  AuditEntry,
  Change,
  Installation,
  InstallationState,
  Operator,
  Page,
  PageRequest,
  Role,
} from "./model.ts";

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
export interface Administration {
  apps(): Promise<readonly AppSummary[]>;
  installations(filter: InstallationFilter): Promise<Page<Installation>>;
  installation(ref: InstallationRef): Promise<Installation>;
  apiKeys(page: OfApp): Promise<Page<ApiKey>>;
  /** The key itself is in this answer and nowhere else. */
  createApiKey(wanted: NewApiKey): Promise<{ readonly key: string; readonly apiKey: ApiKey }>;
  revokeApiKey(id: string): Promise<ApiKey>;
  operators(): Promise<readonly Operator[]>;
  putOperator(name: string, role: Role): Promise<Operator>;
  removeOperator(name: string): Promise<void>;
  audit(page: OfApp): Promise<Page<AuditEntry>>;
}

export interface AdministrationOptions {
  readonly config: GatewayConfig;
  readonly directory: Directory;
  readonly change: Change;
}

function known<Thing>(what: string, thing: Thing | undefined): Thing {
  if (thing === undefined) throw new GatewayError({ kind: "not_in_directory", what });
  return thing;
}

export function createAdministration({ config, directory, change }: AdministrationOptions): Administration {
  const { installations, apiKeys, operators, audit } = directory;
  const summary = (
    { name, clientId, scopes }: AppConfig,
    counts: Awaited<ReturnType<typeof installations.counts>>,
  ): AppSummary => {
    const own = counts.filter(({ app }) => app === name).map(({ state, count }) => [state, count] as const);
    return { name, clientId, scopes, installations: Object.fromEntries(own) };
  };
  return {
    async apps() {
      const counts = await installations.counts();
      return [...config.apps.values()].map((app) => summary(app, counts));
    },
    installations: (filter) => installations.list(filter),
    installation: async (ref) => known("installation", await installations.find(ref)),
    apiKeys: (page) => apiKeys.list(page),
    async createApiKey(wanted) {
      if (!config.apps.has(wanted.app)) throw new GatewayError({ kind: "app_unknown" });
      const { id, key, hash } = await newApiKey();
      return { key, apiKey: await apiKeys.create({ ...wanted, id, hash }, change) };
    },
    revokeApiKey: async (id) => known("API key", await apiKeys.revoke(id, change)),
    operators: () => operators.list(),
    putOperator: (name, role) => operators.put(name, role, change),
    async removeOperator(name) {
      if (!(await operators.remove(name, change))) known("operator", undefined);
    },
    audit: (page) => audit.list(page),
  };
}
