import { resolvePointer } from "../../../json/pointer.ts";
import { parseReference, targetFile } from "../../load/reference.ts";
import type { LintRule } from "../rule.ts";

export const referenceRules: readonly LintRule[] = [
  {
    name: "ref-external-common",
    why: "The document cannot be read without another file.",
    check: { on: "reference", find: (reference) => parseReference(reference).file !== "" && reference },
  },
  {
    name: "ref-external-file-missing",
    why: "The file that the reference names does not exist.",
    check: {
      on: "reference",
      find: (reference, { file, files }) => {
        const target = parseReference(reference).file;
        return target !== "" && !files.has(targetFile(file, target)) && reference;
      },
    },
  },
  {
    name: "ref-unresolved-internal",
    why: "The document has nothing at the path that the reference names.",
    check: {
      on: "reference",
      find: (reference, { document }) =>
        reference.startsWith("#") && resolvePointer(document, reference) === undefined && reference,
    },
  },
];
