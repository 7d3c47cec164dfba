import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { OPENAPI } from "../support/repository.ts";
import { readTree, run, temporaryFolder, thingDocument, upstream, writeFiles } from "../support/source.ts";
import { makeTarGz, pax } from "../support/tar.ts";

const OVERLAY = `overlay: 1.0.0
extends: v3/things
actions:
  - target: $.paths['/things/{thingId}'].get
    description: The name says nothing.
    update: { x-method-name: thing }
`;

async function project(files: Record<string, Json> = upstream(), overlay = OVERLAY): Promise<string> {
  const folder = temporaryFolder();
  await writeFiles(join(folder, "upstream"), files);
  await writeFiles(folder, { "openapi/overlays/things.v3.yaml": overlay });
  return folder;
}

const SYNC = ["sync", "--from", "upstream"];

test("sync writes documents and lock, and finds nothing to do the second time", async () => {
  const folder = await project();
  const first = await run(folder, [...SYNC, "--commit", "c0ffee", "--repository", "o/n", "--date", "2026-06-19"]);
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("2 documents, 1 overlay actions");
  expect(first.out).toMatch(/common-file-location\s+1\n/);
  expect(first.out).toContain("added  v3/things.json\n");
  const tree = await readTree(join(folder, "openapi"));
  expect(Object.keys(tree)).toEqual([
    "evidence/examples.json",
    "overlays/things.v3.yaml",
    "sources.lock.json",
    "v2/things.json",
    "v3/things.json",
  ]);
  expect(tree["sources.lock.json"]).toContain('"commit": "c0ffee"');
  const second = await run(folder, SYNC);
  expect(second.out).toContain("everything is up to date");
  expect(await readTree(join(folder, "openapi"))).toEqual(tree);
});

test("--check writes nothing, and its exit code shows one changed character", async () => {
  const folder = await project();
  const missing = await run(folder, [...SYNC, "--check"]);
  expect(missing).toMatchObject({ code: 1, err: "" });
  expect(missing.out).toContain("missing  v2/things.json\n");
  expect(Object.keys(await readTree(join(folder, "openapi")))).toEqual(["overlays/things.v3.yaml"]);
  await run(folder, SYNC);
  expect((await run(folder, [...SYNC, "--check"])).code).toBe(0);
  const file = join(folder, "openapi/v3/things.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("get-thing", "get-thinG"));
  expect(await run(folder, [...SYNC, "--check", "--json"])).toMatchObject({ code: 1 });
  expect(JSON.parse((await run(folder, [...SYNC, "--check", "--json"])).out)).toMatchObject({
    changed: ["v3/things.json"],
  });
  await run(folder, SYNC);
  expect(await readFile(file, "utf8")).toBe(text);
});

test("a document that is gone upstream goes, with what is generated from it", async () => {
  const folder = await project();
  await run(folder, SYNC);
  await rm(join(folder, "upstream/apps/things.json"));
  expect((await run(folder, SYNC)).out).toContain("removed  v2/things.json\n");
  expect(Object.keys(await readTree(join(folder, "openapi")))).not.toContain("v2/things.json");
});

function withoutThing(): JsonObject {
  const document = thingDocument();
  delete ((document.components as JsonObject).schemas as JsonObject).Thing;
  return document;
}

const RESPONSE = "#/paths/~1things~1{thingId}/get/responses/200/content/application~1json/schema";

test.each<[string, Record<string, Json>, string, object]>([
  [
    "a referenced schema is deleted upstream",
    { ...upstream(), "apps/v3/things-v3.json": withoutThing() },
    OVERLAY,
    { code: "ERR_GHL_CODEGEN_UNRESOLVED_REF", file: "apps/v3/things-v3.json", pointer: RESPONSE },
  ],
  [
    "a file is not JSON",
    { ...upstream(), "apps/more.json": "{" },
    OVERLAY,
    { code: "ERR_GHL_CODEGEN_NOT_PARSABLE", file: "apps/more.json" },
  ],
  [
    "a file is not OpenAPI",
    { ...upstream(), "apps/more.json": {} },
    OVERLAY,
    { code: "ERR_GHL_CODEGEN_NOT_OPENAPI", file: "apps/more.json", pointer: "#/openapi" },
  ],
  [
    "an overlay's target vanished",
    upstream(),
    OVERLAY.replace("/things/{thingId}", "/things/{id}"),
    { code: "ERR_GHL_CODEGEN_OVERLAY_TARGET", pointer: "#/actions/0" },
  ],
  [
    "an overlay has no effect",
    upstream(),
    OVERLAY.replace("x-method-name: thing", "operationId: get-thing"),
    { code: "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT", pointer: "#/actions/0" },
  ],
  ["an overlay is not YAML", upstream(), "overlay: [", { code: "ERR_GHL_CODEGEN_OVERLAY_INVALID" }],
])("sync names the position, exits with 2 and leaves the tree alone when %s", async (_, files, overlay, expected) => {
  const folder = await project();
  await run(folder, SYNC);
  const before = await readTree(join(folder, "openapi"));
  await writeFiles(join(folder, "upstream"), files);
  await writeFiles(folder, { "other/things.yaml": overlay });
  const argv = [...SYNC, "--overlays", "other"];
  const text = await run(folder, argv);
  expect(text).toMatchObject({ code: 2, out: "" });
  for (const part of Object.values(expected)) expect(text.err).toContain(part);
  const json = await run(folder, [...argv, "--json"]);
  expect(json).toMatchObject({ code: 2, err: "" });
  expect(JSON.parse(json.out)).toMatchObject({ error: expected });
  expect(await readTree(join(folder, "openapi"))).toEqual(before);
});

test("GitHub is read at the commit of the lock, and the lock learns what the archive says", async () => {
  const folder = await project();
  const commit = "c0ffee".padEnd(40, "1");
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.end(
      makeTarGz([
        { path: "pax_global_header", text: pax("comment", commit), type: "g" },
        ...Object.entries(upstream()).map(([path, content]) => {
          return {
            path: `docs-c0ffee/${path}`,
            text: JSON.stringify(content),
            modified: Date.UTC(2026, 5, 19, 23, 59) / 1000,
          };
        }),
      ]),
    );
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(
    await run(folder, ["sync", "--repository", "o/docs", "--commit", "c0ffee", "--github-url", url]),
  ).toMatchObject({ code: 0 });
  const lock = JSON.parse(await readFile(join(folder, "openapi/sources.lock.json"), "utf8")) as {
    documents: JsonObject;
  };
  expect(lock.documents["v3/things"]).toMatchObject({ repository: "o/docs", commit, date: "2026-06-19" });
  const again = await run(folder, ["sync", "--check"], { GHL_CODEGEN_GITHUB_URL: url });
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining("up to date") });
  expect(requests).toEqual(["/o/docs/tar.gz/c0ffee", `/o/docs/tar.gz/${commit}`]);
});

test("a folder without a lock reads the commit that the package was made for; a server that is not there is a network error", async () => {
  const folder = temporaryFolder();
  const offline = await run(folder, ["sync", "--json"], { GHL_CODEGEN_GITHUB_URL: "http://127.0.0.1:1" });
  expect(offline.code).toBe(2);
  const { documents } = JSON.parse(await readFile(`${OPENAPI}/sources.lock.json`, "utf8")) as {
    documents: Record<string, { commit: string }>;
  };
  const { commit } = documents["v3/contacts"]!;
  expect(JSON.parse(offline.out)).toMatchObject({
    error: { code: "ERR_GHL_CODEGEN_NETWORK", file: expect.stringContaining(`/tar.gz/${commit}`) },
  });
});

test("a folder without overlays takes those of the package, as far as the source has their documents", async () => {
  const folder = temporaryFolder();
  await writeFiles(join(folder, "upstream"), upstream());
  expect(await run(folder, SYNC)).toMatchObject({
    code: 0,
    out: expect.stringContaining("2 documents, 0 overlay actions"),
  });
  const contacts = structuredClone(thingDocument());
  await writeFiles(join(folder, "upstream"), { "apps/contacts.json": contacts });
  const stale = await run(folder, SYNC);
  expect(stale).toMatchObject({ code: 2, err: expect.stringContaining("ERR_GHL_CODEGEN_OVERLAY_TARGET") });
  expect(stale.err).toContain("--overlays");
});
