import type { EmulatorContext } from "../core/context.ts";
import { locationRefused, type Refusal, scopeRefused, tokenTypeRefused, unprocessable } from "../core/errors.ts";
import type { AccessToken } from "../core/state.ts";
import { versionIdOf } from "../core/version-id.ts";

function listed(context: EmulatorContext, clientId: string) {
  const { company } = context.options;
  return company.locations.map((location) => {
    const atMs = context.state.installedAtMs.get(location.id);
    return {
      _id: location.id,
      name: location.name,
      address: "1 Example Street",
      isInstalled: atMs !== undefined,
      versionId: versionIdOf(clientId),
      ...(atMs === undefined ? {} : { installedAt: new Date(atMs).toISOString() }),
    };
  });
}

function wholeNumber(text: string | null, fallback: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value >= 0 ? value : fallback;
}

/**
 * `GET /oauth/installedLocations` (2021-07-28: skip and limit) and `/oauth/installed-locations` (v3: pageSize and
 * pageToken, where a token is the offset it stands for).
 */
export function installedLocations(
  context: EmulatorContext,
  bearer: AccessToken,
  { query, apiVersion }: { readonly query: URLSearchParams; readonly apiVersion: "v2" | "v3" },
): { readonly answer: Record<string, unknown> } | { readonly refused: Refusal } {
  if (bearer.kind === "private" || !bearer.scopes.includes("oauth.readonly")) return { refused: scopeRefused };
  if (bearer.resource.kind !== "company" || bearer.clientId === undefined) return { refused: tokenTypeRefused };
  const missing = ["companyId", "appId"].filter((name) => !query.get(name));
  if (missing.length > 0) return { refused: unprocessable(missing.map((name) => `${name} must be a string`)) };
  if (query.get("companyId") !== bearer.resource.id) return { refused: locationRefused };

  const isInstalled = query.get("isInstalled");
  const all = listed(context, bearer.clientId).filter(
    (location) => isInstalled === null || String(location.isInstalled) === isInstalled,
  );
  if (apiVersion === "v2") {
    const skip = wholeNumber(query.get("skip"), 0);
    const limit = wholeNumber(query.get("limit"), 20);
    return {
      answer: { locations: all.slice(skip, skip + limit), count: all.length, installToFutureLocations: true },
    };
  }
  const offset = wholeNumber(query.get("pageToken"), 0);
  const size = Math.min(Math.max(wholeNumber(query.get("pageSize"), 20), 1), 100);
  const items = all.slice(offset, offset + size);
  const hasNextPage = offset + size < all.length;
  return {
    answer: {
      items,
      pagination: {
        totalRecords: all.length,
        hasNextPage,
        hasPrevPage: offset > 0,
        ...(hasNextPage ? { nextPageToken: String(offset + size) } : {}),
        currentPageSize: items.length,
      },
      installToFutureLocations: true,
    },
  };
}
