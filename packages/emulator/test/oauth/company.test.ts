import { describe, expect, test } from "vitest";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import { ask, bearer, clockedEmulator, installApp, json, LOCATION, type Tokens } from "../support.ts";

const company = { companyId: DEFAULT_COMPANY.id };
const APP_ID = "65f0c0ffee65f0c0ffee65f0";

async function companyInstalled(): Promise<{
  ask: (path: string, init?: RequestInit) => Promise<Response>;
  tokens: Tokens;
}> {
  const { emulator } = clockedEmulator();
  return { ask: (path, init) => ask(emulator, path, init), tokens: await installApp(emulator, company) };
}

const mint = (token: string, version: string, body: Record<string, string>): RequestInit => ({
  method: "POST",
  ...bearer(token, version),
  body: new URLSearchParams(body),
});

describe("location token", () => {
  test.each([
    ["/oauth/locationToken", "2021-07-28", 201],
    ["/oauth/location-token", "v3", 200],
  ])("a location token is issued at %s", async (path, version, status) => {
    const { ask, tokens } = await companyInstalled();
    const response = await ask(path, mint(tokens.access_token, version, { ...company, locationId: LOCATION }));
    expect(response.status).toBe(status);
    const minted = await json(response);
    expect(minted).toMatchObject({ userType: "Location", locationId: LOCATION });
    const read = await ask(`/locations/${LOCATION}`, bearer(minted.access_token as string));
    expect(read.status).toBe(401);
    expect(await read.json()).toMatchObject({ message: "The token is not authorized for this scope." });
  });

  test("a location token is refused for a location's token, a stranger's location, and a missing Version", async () => {
    const { emulator } = clockedEmulator();
    const location = await installApp(emulator);
    const agency = await installApp(emulator, company);
    const body = { ...company, locationId: LOCATION };
    const requests = [
      mint(location.access_token, "2021-07-28", body),
      mint(agency.access_token, "2021-07-28", { ...company, locationId: "elsewhere" }),
      mint(agency.access_token, "2021-07-28", company),
      { ...mint(agency.access_token, "", body) },
    ];
    const answers = await Promise.all(requests.map((init) => ask(emulator, "/oauth/locationToken", init)));
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 422, 401]);
  });
});

describe("installed locations", () => {
  test("v2 pages by skip and limit", async () => {
    const { ask, tokens } = await companyInstalled();
    const query = new URLSearchParams({ ...company, appId: APP_ID, skip: "1", limit: "5" });
    const answer = await json(ask(`/oauth/installedLocations?${query}`, bearer(tokens.access_token, "2021-07-28")));
    expect(answer.count).toBe(2);
    expect(answer.locations).toMatchObject([{ _id: DEFAULT_COMPANY.locations[1]!.id, isInstalled: true }]);
  });

  test("installed locations are paged by token to the end in v3", async () => {
    const { ask, tokens } = await companyInstalled();
    const seen: string[] = [];
    let pageToken: string | undefined = "0";
    while (pageToken !== undefined) {
      const query = new URLSearchParams({ ...company, appId: APP_ID, pageSize: "1", pageToken });
      const answer = (await json(ask(`/oauth/installed-locations?${query}`, bearer(tokens.access_token)))) as {
        items: { _id: string }[];
        pagination: { nextPageToken?: string };
      };
      seen.push(...answer.items.map((item) => item._id));
      pageToken = answer.pagination.nextPageToken;
    }
    expect(seen).toEqual(DEFAULT_COMPANY.locations.map(({ id }) => id));
  });

  test("installed locations need every parameter, and the error names the missing one", async () => {
    const { ask, tokens } = await companyInstalled();
    const answer = await json(ask("/oauth/installedLocations", bearer(tokens.access_token, "2021-07-28")));
    expect(answer.message).toEqual(["companyId must be a string", "appId must be a string"]);
  });
});
