import { posix } from "node:path";
import { pointerOf } from "../../json/pointer.ts";
import { walkReferences } from "../../json/walk.ts";
import { parseReference, targetFile } from "../load/reference.ts";
import type { RepairRule } from "./rule.ts";

export const commonFileLocation: RepairRule = {
  name: "common-file-location",
  why: "v3 documents point to ../common/, which does not exist; the file they mean lies in common/ beside them.",
  apply(document, { file, files }) {
    const repaired: string[] = [];
    walkReferences(document, (holder, reference, position) => {
      const target = parseReference(reference);
      if (!target.file.startsWith("../") || files.has(targetFile(file, target.file))) return;
      const beside = target.file.slice("../".length);
      if (!files.has(posix.join(posix.dirname(file), beside))) return;
      holder.$ref = beside + target.pointer;
      repaired.push(pointerOf(position));
    });
    return repaired;
  },
};
