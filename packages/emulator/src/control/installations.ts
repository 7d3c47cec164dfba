import type { EmulatorContext } from "../core/context.ts";
import type { Resource } from "../core/options.ts";
import type { Installation } from "../core/state.ts";

/** An app in a location or company. */
export interface InstalledApp {
  readonly clientId: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly installedAtMs: number;
  readonly bulk: boolean;
}

function isSame(a: Resource, b: Resource): boolean {
  return a.kind === b.kind && a.id === b.id;
}

export function noteInstallation({ state, options }: EmulatorContext, installation: Installation): void {
  const { clientId, resource, scopes, bulk } = installation;
  const key = `${clientId} ${resource.kind} ${resource.id}`;
  state.installations.set(key, { clientId, resource, scopes, bulk, installedAtMs: options.now() });
}

/**
 * Ends an installation: its tokens and codes are no more. With a company go the locations its token has opened. Answers
 * how many installations there were.
 */
export function uninstall({ state, options }: EmulatorContext, resource: Resource, clientId?: string): number {
  const { company } = options;
  const ended = (of: string | undefined, one: Resource): boolean =>
    (clientId === undefined || of === clientId) &&
    (isSame(one, resource) || (resource.kind === "company" && resource.id === company.id));
  for (const [token, { kind, clientId: of, resource: one }] of state.accessTokens)
    if (kind === "oauth" && ended(of, one)) state.accessTokens.delete(token);
  for (const tokens of [state.refreshTokens, state.codes])
    for (const [token, { installation }] of tokens)
      if (ended(installation.clientId, installation.resource)) tokens.delete(token);
  let count = 0;
  for (const [key, { clientId: of, resource: one }] of state.installations) {
    if (!ended(of, one)) continue;
    state.installations.delete(key);
    state.installedAtMs.delete(one.id);
    count += 1;
  }
  if (resource.kind === "company") state.installedAtMs.clear();
  else state.installedAtMs.delete(resource.id);
  return count;
}
