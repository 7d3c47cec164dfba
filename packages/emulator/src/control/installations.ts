import type { Resource } from "@ghl-edge/core";
import type { EmulatorContext } from "../core/context.ts";
import type { Installation } from "../core/state.ts";

function isSame(a: Resource, b: Resource): boolean {
  return a.kind === b.kind && a.id === b.id;
}

export function noteInstallation({ state, options }: EmulatorContext, installation: Installation): void {
  const { clientId, resource, scopes, bulk, approvedLocations, future } = installation;
  const key = `${clientId} ${resource.kind} ${resource.id}`;
  state.installations.set(key, {
    clientId,
    resource,
    scopes,
    bulk,
    installedAtMs: options.now(),
    ...(approvedLocations === undefined ? {} : { approvedLocations }),
    ...(future === undefined ? {} : { future }),
  });
}

/** The apps that the options say are installed, without anybody's consent or token. */
export function installFromStart(context: EmulatorContext): void {
  const { company, apps } = context.options;
  for (const { clientId, scopes = [], target, installedIn = [] } of apps)
    for (const id of installedIn) {
      const isCompany = id === company.id;
      const bulk = isCompany && target !== "agency";
      noteInstallation(context, {
        clientId,
        resource: { kind: isCompany ? "company" : "location", id },
        companyId: company.id,
        userId: "",
        scopes,
        bulk,
        ...(bulk ? { approvedLocations: company.locations.map((location) => location.id), future: true } : {}),
      });
      for (const location of isCompany && bulk ? company.locations : [{ id }])
        context.state.installedAtMs.set(location.id, context.options.now());
    }
}

/** Sends the app its install events: for a bulk installation one of the company and one of each chosen location. */
export function announceInstallation({ options, outbox }: EmulatorContext, installation: Installation): void {
  const app = options.apps.find(({ clientId }) => clientId === installation.clientId);
  if (app === undefined) return;
  const { companyId, resource, userId, approvedLocations = [] } = installation;
  const common = {
    companyId,
    userId,
    companyName: options.company.name,
    isWhitelabelCompany: false,
    whitelabelDetails: {},
  };
  const locationIds = resource.kind === "location" ? [resource.id] : approvedLocations;
  if (resource.kind === "company") outbox.announce("AppInstall", app, { installType: "Company", ...common });
  for (const locationId of locationIds)
    outbox.announce("AppInstall", app, { installType: "Location", locationId, ...common });
}

/**
 * Ends an installation: its tokens and codes are no more. With a company go the locations its token has opened. Answers
 * how many installations there were.
 */
export function uninstall(context: EmulatorContext, resource: Resource, clientId?: string): number {
  const { state, options, outbox } = context;
  const { company, apps } = options;
  const ended = (of: string | undefined, one: Resource): boolean =>
    (clientId === undefined || of === clientId) &&
    (isSame(one, resource) || (resource.kind === "company" && resource.id === company.id));
  for (const [token, { kind, clientId: of, resource: one }] of state.accessTokens)
    if (kind === "oauth" && ended(of, one)) state.accessTokens.delete(token);
  for (const tokens of [state.refreshTokens, state.codes])
    for (const [token, { installation }] of tokens)
      if (ended(installation.clientId, installation.resource)) tokens.delete(token);
  let count = 0;
  const left = new Set<string>();
  for (const [key, { clientId: of, resource: one }] of state.installations) {
    if (!ended(of, one)) continue;
    state.installations.delete(key);
    state.installedAtMs.delete(one.id);
    count += 1;
    left.add(of);
  }
  if (resource.kind === "company") state.installedAtMs.clear();
  else state.installedAtMs.delete(resource.id);
  const where = resource.kind === "company" ? { companyId: resource.id } : { locationId: resource.id };
  for (const app of apps) if (left.has(app.clientId)) outbox.announce("AppUninstall", app, where);
  return count;
}
