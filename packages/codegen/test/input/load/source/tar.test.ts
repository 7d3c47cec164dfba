import { expect, test } from "vitest";
import { readTar } from "../../../../src/input/load/source/tar.ts";
import { makeTar, pax } from "../../../support/tar.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("the reader of archives reads files, long names and the commit of git archive", () => {
  const long = `folder/${"x".repeat(120)}.json`;
  const { files, comment } = readTar(
    makeTar([
      { path: "pax_global_header", text: pax("comment", "c".repeat(40)), type: "g" },
      { path: "folder/", text: "", type: "5" },
      { path: "folder/a.json", text: "{}", modified: 1_781_827_200 },
      { path: "short", text: pax("path", long), type: "x" },
      { path: "cut", text: "1" },
      { path: "././@LongLink", text: `${long}\0`, type: "L" },
      { path: "cut", text: "2" },
      { path: "link", text: "", type: "2" },
      { path: "last.json", text: "ü".repeat(300) },
    ]),
  );
  expect(comment).toBe("c".repeat(40));
  expect(files.map(({ path }) => path)).toEqual(["folder/a.json", long, long, "last.json"]);
  expect(files[0]?.modified).toBe(1_781_827_200);
  expect(text(files[3]?.bytes ?? new Uint8Array())).toBe("ü".repeat(300));
});

test.each([
  ["cut off inside a file", (tar: Buffer) => tar.subarray(0, 600)],
  ["without its end", (tar: Buffer) => tar.subarray(0, 1024)],
  ["of other bytes", () => Buffer.alloc(2048, 7)],
])("the reader of archives refuses an archive %s", (_, spoil) => {
  expect(() => readTar(spoil(makeTar([{ path: "a", text: "x".repeat(500) }])))).toThrow(RangeError);
});
