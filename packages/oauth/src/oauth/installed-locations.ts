import { PaginationError } from "../errors.ts";
import { checkNumber } from "./app.ts";
import type { EndpointAnswer } from "./request.ts";

/** Version of an endpoint that HighLevel offers in a dated form and in a v3 form. */
export type ApiVersion = "2021-07-28" | "v3";

export const API_VERSIONS: readonly ApiVersion[] = ["2021-07-28", "v3"];

/** A location in which the app is or could be installed. Fields that this version does not name are kept as they came. */
export interface InstalledLocation {
  readonly id: string;
  readonly name?: string;
  readonly address?: string;
  readonly isInstalled?: boolean;
  readonly versionId?: string;
  /** Time of the installation as HighLevel writes it, ISO 8601. */
  readonly installedAt?: string;
  readonly [field: string]: unknown;
}

/** Query of `OAuthClient.installedLocations`. */
export interface InstalledLocationsQuery {
  readonly companyId: string;
  /** Id of the app. Default: that of the client. */
  readonly appId?: string | undefined;
  /** A company's OAuth token with the scope `oauth.readonly`. HighLevel refuses a private integration token. */
  readonly accessToken: string;
  /** API version of the endpoint. Default: `2021-07-28`. */
  readonly apiVersion?: ApiVersion | undefined;
  /** Locations per page, 1 to 100. Default: 100. */
  readonly pageSize?: number | undefined;
  readonly isInstalled?: boolean | undefined;
  readonly query?: string | undefined;
  readonly versionId?: string | undefined;
  readonly onTrial?: boolean | undefined;
  readonly planId?: string | undefined;
  readonly locationId?: string | undefined;
  /** v3 only. */
  readonly restrictToUserLocations?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

type FetchPage = (query: Readonly<Record<string, string>>) => Promise<EndpointAnswer>;

/** The dated endpoint has no order that could be chosen, so pages may overlap and miss; a second look finds the rest. */
const MAX_PASSES = 3;
/** Longest run of pages in one pass without a new location. A longer one means that the list has no end. */
const MAX_STALE_PAGES = 20;

function filtersOf(query: InstalledLocationsQuery, appId: string): Record<string, string> {
  const { companyId, isInstalled, versionId, onTrial, planId, locationId, restrictToUserLocations } = query;
  const filters = {
    companyId,
    appId,
    isInstalled,
    query: query.query,
    versionId,
    onTrial,
    planId,
    locationId,
    restrictToUserLocations,
  };
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function itemsOf(list: unknown): InstalledLocation[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const fields = Object(item) as Record<string, unknown>;
    const id = fields._id ?? fields.id;
    return typeof id === "string" ? [{ ...fields, id }] : [];
  });
}

/** Counts what a pass brings. @throws {PaginationError} when it goes on without an end. */
function newPass(): (items: readonly InstalledLocation[]) => void {
  const met = new Set<string>();
  let stalePages = 0;
  return (items) => {
    const before = met.size;
    for (const { id } of items) met.add(id);
    stalePages = met.size > before ? 0 : stalePages + 1;
    if (stalePages >= MAX_STALE_PAGES)
      throw new PaginationError("installed locations must end, got the same pages again");
  };
}

async function* pagesByOffset(
  fetchPage: FetchPage,
  filters: Record<string, string>,
  size: number,
): AsyncGenerator<InstalledLocation[]> {
  const seen = new Set<string>();
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const checkPage = newPass();
    let skip = 0;
    let count: number;
    do {
      const { body } = await fetchPage({ ...filters, skip: String(skip), limit: String(size) });
      const answer = Object(body) as { locations?: unknown; count?: unknown };
      const items = itemsOf(answer.locations);
      for (const { id } of items) seen.add(id);
      checkPage(items);
      yield items;
      count = Number(answer.count);
      if (items.length === 0) break;
      skip += items.length;
      // Without a count, a short page is the last one.
      if (Number.isNaN(count) && items.length < size) break;
    } while (Number.isNaN(count) || skip < count);
    if (Number.isNaN(count) || seen.size >= count) return;
  }
}

async function* pagesByToken(
  fetchPage: FetchPage,
  filters: Record<string, string>,
  size: number,
): AsyncGenerator<InstalledLocation[]> {
  const seen = new Set<string>();
  const checkPage = newPass();
  for (let pageToken: string | undefined; ; ) {
    const { body } = await fetchPage({
      ...filters,
      pageSize: String(size),
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    const answer = Object(body) as { items?: unknown; pagination?: { hasNextPage?: unknown; nextPageToken?: unknown } };
    const items = itemsOf(answer.items);
    checkPage(items);
    yield items;
    const nextToken = answer.pagination?.nextPageToken;
    if (answer.pagination?.hasNextPage === false || typeof nextToken !== "string" || nextToken === "") return;
    if (seen.has(nextToken)) throw new PaginationError("installed locations must end, got the same page token twice");
    seen.add(nextToken);
    pageToken = nextToken;
  }
}

/** Every location once, page by page as they are read. */
export async function* listInstalledLocations(
  fetchPage: FetchPage,
  query: InstalledLocationsQuery,
  appId: string,
): AsyncGenerator<InstalledLocation, void, undefined> {
  const { pageSize: size = 100 } = query;
  checkNumber("pageSize", size, { min: 1, max: 100, integer: true });
  const pages = query.apiVersion === "v3" ? pagesByToken : pagesByOffset;
  const given = new Set<string>();
  for await (const page of pages(fetchPage, filtersOf(query, query.appId ?? appId), size))
    for (const location of page) {
      if (given.has(location.id)) continue;
      given.add(location.id);
      yield location;
    }
}
