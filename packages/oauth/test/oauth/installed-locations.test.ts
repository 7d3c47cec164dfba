import { expect, test } from "vitest";
import { PaginationError } from "../../src/index.ts";
import { json, serve } from "./oauth-server.ts";

const all = Array.from({ length: 250 }, (_none, index) => ({
  _id: `l${index}`,
  name: `Location ${index}`,
  other: index,
}));
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test("installed locations of 2021-07-28: by offset, each once although the order changes between pages", async () => {
  let turn = 0;
  const { client, seen } = await serve(({ url }, response) => {
    // Every other page is read from a list that has turned, so that items come twice and others not at all.
    const list = turn++ === 1 ? [...all.slice(7), ...all.slice(0, 7)] : all;
    const skip = Number(url.searchParams.get("skip"));
    json(response, 200, {
      locations: list.slice(skip, skip + Number(url.searchParams.get("limit"))),
      count: list.length,
    });
  });
  const found = await collect(
    client.installedLocations({ companyId: "c", accessToken: "access-secret", isInstalled: true }),
  );
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(all.map(({ _id }) => _id)));
  expect(found).toHaveLength(250);
  expect(found[0]).toEqual({ id: "l0", _id: "l0", name: "Location 0", other: 0 });
  expect(Object.fromEntries(seen[0]!.url.searchParams)).toEqual({
    companyId: "c",
    appId: "0123456789abcdef01234567",
    isInstalled: "true",
    skip: "0",
    limit: "100",
  });
});

test("installed locations of v3 are read by page token", async () => {
  const { client, seen } = await serve(({ url }, response) => {
    const at = Number(url.searchParams.get("pageToken") ?? 0);
    const next = at + 100;
    json(response, 200, {
      items: all.slice(at, next),
      pagination: { hasNextPage: next < 250, ...(next < 250 ? { nextPageToken: String(next) } : {}) },
    });
  });
  const found = await collect(
    client.installedLocations({ companyId: "c", accessToken: "access-secret", apiVersion: "v3" }),
  );
  expect(found).toHaveLength(250);
  expect(seen.map(({ url, headers }) => [url.pathname, url.searchParams.get("pageToken"), headers.version])).toEqual([
    ["/oauth/installed-locations", null, "v3"],
    ["/oauth/installed-locations", "100", "v3"],
    ["/oauth/installed-locations", "200", "v3"],
  ]);
});

test("a server that repeats a page token, or never says the end, does not hold us for ever", async () => {
  const v3 = await serve((_seen, response) =>
    json(response, 200, { items: all.slice(0, 2), pagination: { nextPageToken: "same" } }),
  );
  await expect(
    collect(v3.client.installedLocations({ companyId: "c", accessToken: "a", apiVersion: "v3" })),
  ).rejects.toThrow(PaginationError);
  const v2 = await serve((_seen, response) => json(response, 200, { locations: [], count: 9 }));
  expect(await collect(v2.client.installedLocations({ companyId: "c", accessToken: "a" }))).toEqual([]);
  expect(v2.seen.length).toBeLessThanOrEqual(3);
});

test.each([
  ["2021-07-28", { locations: [{ _id: "l1" }], count: 1e9 }],
  ["2021-07-28", { locations: Array.from({ length: 100 }, (_, index) => ({ _id: `l${index}` })) }],
  ["v3", { items: [{ _id: "l1" }], pagination: {} }],
  ["v3", { items: [], pagination: {} }],
] as const)("a list of locations in %s that has no end ends with an error", async (apiVersion, page) => {
  let requests = 0;
  const { client } = await serve((_seen, response) => {
    requests += 1;
    json(response, 200, "pagination" in page ? { ...page, pagination: { nextPageToken: `p${requests}` } } : page);
  });
  await expect(collect(client.installedLocations({ companyId: "c", accessToken: "a", apiVersion }))).rejects.toThrow(
    PaginationError,
  );
  expect(requests).toBeLessThan(30);
});
