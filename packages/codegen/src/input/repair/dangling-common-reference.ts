import { posix } from "node:path";
import { pointerOf, resolvePointer } from "../../json/pointer.ts";
import { walkReferences } from "../../json/walk.ts";
import { parseReference } from "../load/reference.ts";
import type { RepairRule } from "./rule.ts";

/** Where the shared schemas of a document may lie, seen from the document. */
const COMMON_FILES = ["common/common-schemas.json", "../common/common-schemas.json"];

export const danglingCommonReference: RepairRule = {
  name: "dangling-common-reference",
  why: "Some local references name a schema that only the common file has; they are pointed there.",
  apply(document, { file, files }) {
    const repaired: string[] = [];
    walkReferences(document, (holder, reference, position) => {
      const target = parseReference(reference);
      if (target.file !== "" || resolvePointer(document, target.pointer) !== undefined) return;
      const home = COMMON_FILES.find((candidate) => {
        const common = files.get(posix.join(posix.dirname(file), candidate));
        return common !== undefined && resolvePointer(common, target.pointer) !== undefined;
      });
      if (home === undefined) return;
      holder.$ref = home + target.pointer;
      repaired.push(pointerOf(position));
    });
    return repaired;
  },
};
