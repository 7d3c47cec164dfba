import { expect, test } from "vitest";
import type { Origin, Source } from "../../../src/input/load/source/source.ts";
import { readOverlay } from "../../../src/input/overlay/overlay.ts";
import { type Lock, readLock } from "../../../src/input/sync/lock.ts";
import { sync } from "../../../src/input/sync/pipeline.ts";
import type { Json } from "../../../src/json/json.ts";
import { upstream } from "../../support/source.ts";

function source(files: Record<string, Json>, origin: Origin = {}): Source {
  const entries = Object.entries(files).map(
    ([path, value]) => [path, new TextEncoder().encode(JSON.stringify(value))] as const,
  );
  return { label: "test", files: new Map(entries), origin };
}

const run = (files: Record<string, Json>, origin: Origin = {}, previousLock?: Lock) =>
  sync({ source: source(files, origin), overlays: [], previousLock });

function lockOf(files: ReadonlyMap<string, string>): Lock {
  return readLock(JSON.parse(files.get("sources.lock.json") ?? "") as Json);
}

test("both generations come out self-contained, and nothing else but what examples show and the lock", () => {
  const { files, repairs, documents } = run(upstream());
  expect([...files.keys()]).toEqual([
    "v2/things.json",
    "v3/things.json",
    "evidence/examples.json",
    "sources.lock.json",
  ]);
  expect(documents).toBe(2);
  expect(repairs.get("common-file-location")).toBe(1);
  expect(repairs.get("security-scheme-members")).toBe(2);
  expect(repairs.get("type-any")).toBe(0);
  const v3 = files.get("v3/things.json") ?? "";
  expect(v3).not.toMatch(/About|Get a thing|The id|\.\.\//);
  expect(v3).toContain('"$ref": "#/components/schemas/BadRequestDTO"');
  expect(v3.replace('"version": "v3"', '"version": "v2"')).toBe(files.get("v2/things.json"));
});

test("the order of the files does not matter", () => {
  const reversed = Object.fromEntries(Object.entries(upstream()).reverse());
  expect([...run(reversed).files]).toEqual([...run(upstream()).files]);
});

test("overlays are applied before the document is distilled", () => {
  const overlay = readOverlay(
    {
      overlay: "1.0.0",
      extends: "v2/things",
      actions: [
        {
          target: "$.paths['/things/{thingId}'].get",
          description: "why",
          update: { "x-method-name": "thing", summary: "S" },
        },
      ],
    },
    "a.yaml",
  );
  const { files, overlayActions } = sync({ source: source(upstream()), overlays: [overlay], previousLock: undefined });
  expect(overlayActions).toBe(1);
  expect(files.get("v2/things.json")).toContain('"x-method-name": "thing"');
  expect(files.get("v2/things.json")).not.toContain("summary");
  expect(files.get("v3/things.json")).not.toContain("x-method-name");
});

test("the lock keeps what it knew of unchanged files, and claims nothing of changed ones", () => {
  const known = { repository: "o/n", commit: "c0ffee", date: "2026-06-19" };
  const first = lockOf(run(upstream(), known).files);
  expect(Object.keys(first.documents)).toEqual([
    "apps/v3/common/common-schemas.json",
    "common/common-schemas.json",
    "v2/things",
    "v3/things",
  ]);
  expect(first.documents["v3/things"]).toMatchObject({ ...known, path: "apps/v3/things-v3.json" });
  const changed = { ...upstream(), "apps/things.json": { ...(upstream()["apps/things.json"] as object), info: {} } };
  const second = lockOf(run(changed, {}, first).files);
  expect(second.documents["v3/things"]).toEqual(first.documents["v3/things"]);
  expect(Object.keys(second.documents["v2/things"] ?? {})).toEqual(["path", "sha256"]);
});
