import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { NetworkError, NotParsableError, UnreadableFileError, UsageError } from "../../../../src/errors.ts";
import { openSource } from "../../../../src/input/load/source/open.ts";
import { temporaryFolder, upstream, writeFiles } from "../../../support/source.ts";
import { makeTarGz, pax } from "../../../support/tar.ts";

const COMMIT = "0af86a4".padEnd(40, "0");
const DATE = "2026-06-19";

function archive(): Buffer {
  const entries = Object.entries(upstream()).map(([path, content]) => ({
    path: `highlevel-api-docs-0af86a4/${path}`,
    text: JSON.stringify(content),
    modified: Date.parse(`${DATE}T12:00:00Z`) / 1000,
  }));
  return makeTarGz([{ path: "pax_global_header", text: pax("comment", COMMIT), type: "g" }, ...entries]);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((done) => server.once("listening", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PATHS = [
  "apps/things.json",
  "apps/v3/common/common-schemas.json",
  "apps/v3/things-v3.json",
  "common/common-schemas.json",
];

test("a folder, an archive and GitHub give the same files", async () => {
  const folder = temporaryFolder();
  await writeFiles(join(folder, "checkout"), upstream());
  await writeFile(join(folder, "docs.tar.gz"), archive());
  const requests: string[] = [];
  const githubUrl = await serve((request, response) => {
    requests.push(request.url ?? "");
    if (request.url?.startsWith("/moved/")) response.end(archive());
    else response.writeHead(302, { location: `/moved${request.url}` }).end();
  });
  const locked = { repository: "owner/docs", commit: "0af86a4" };
  const sources = await Promise.all(
    [join(folder, "checkout"), join(folder, "docs.tar.gz"), "github"].map((from) =>
      openSource({ from, stated: {}, locked, githubUrl }),
    ),
  );
  for (const { files } of sources) expect([...files.keys()]).toEqual(PATHS);
  expect([...(sources[1]?.files ?? [])]).toEqual([...(sources[2]?.files ?? [])]);
  expect(requests[0]).toBe("/owner/docs/tar.gz/0af86a4");
  expect(sources.map(({ origin }) => origin)).toEqual([
    { repository: undefined, commit: undefined, date: undefined },
    { repository: undefined, commit: COMMIT, date: DATE },
    { repository: "owner/docs", commit: COMMIT, date: DATE },
  ]);
});

test("a commit that the user states is recorded, and completed by the archive", async () => {
  const file = join(temporaryFolder(), "docs.tgz");
  await writeFile(file, archive());
  const short = await openSource({ from: file, stated: { commit: "0af86a4", repository: "me/docs" }, locked: {} });
  expect(short.origin).toEqual({ repository: "me/docs", commit: COMMIT, date: DATE });
  const other = await openSource({ from: file, stated: { commit: "fffffff" }, locked: {} });
  expect(other.origin.commit).toBe("fffffff");
});

test("failures of the network have their own code and name the address", async () => {
  const githubUrl = await serve((request, response) => {
    if (request.url?.includes("missing")) response.writeHead(404).end("no");
    else if (request.url?.includes("half")) {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half");
      response.destroy();
    } else response.end("not an archive");
  });
  const open = (commit: string) => openSource({ from: "github", stated: { commit }, locked: {}, githubUrl });
  await expect(open("missing")).rejects.toBeInstanceOf(NetworkError);
  await expect(open("missing")).rejects.toMatchObject({
    file: `${githubUrl}/GoHighLevel/highlevel-api-docs/tar.gz/missing`,
  });
  await expect(open("half")).rejects.toBeInstanceOf(NetworkError);
  await expect(open("other")).rejects.toBeInstanceOf(NotParsableError);
  const closed = { from: "github", stated: { commit: "a" }, locked: {}, githubUrl: "http://127.0.0.1:1" };
  await expect(openSource(closed)).rejects.toMatchObject({ code: "ERR_GHL_CODEGEN_NETWORK" });
});

test("nothing to read, or nothing to choose, is an error", async () => {
  const folder = temporaryFolder();
  await expect(openSource({ from: "github", stated: {}, locked: {} })).rejects.toBeInstanceOf(UsageError);
  await expect(openSource({ from: folder, stated: {}, locked: {} })).rejects.toBeInstanceOf(UnreadableFileError);
  await expect(openSource({ from: join(folder, "no"), stated: {}, locked: {} })).rejects.toBeInstanceOf(
    UnreadableFileError,
  );
  await writeFile(join(folder, "x.tar.gz"), "x");
  await expect(openSource({ from: join(folder, "x.tar.gz"), stated: {}, locked: {} })).rejects.toBeInstanceOf(
    NotParsableError,
  );
});
