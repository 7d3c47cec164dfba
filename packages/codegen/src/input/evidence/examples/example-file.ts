import { InvalidEvidenceError } from "../../../errors.ts";
import { arrayAt, byCodeUnit, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { pathsOf, type ShapePaths, shapeFromPaths } from "../shape/shape.ts";
import type { ExampleFinding, ExampleFindings } from "./example-shapes.ts";

/** The file of the findings among those of the evidence; no module has this name. */
export const EXAMPLES_NAME = "examples.json";

/** Where `sync` writes the findings and `generate` reads them, relative to the folder of distilled documents. */
export const EXAMPLES_FILE = `evidence/${EXAMPLES_NAME}`;

const FORMAT = 1;

/** The text of the file: one schema a line, in code unit order, so that the same findings give the same bytes. */
export function printFindings(documents: ReadonlyMap<string, ExampleFindings>): string {
  const blocks = [...documents]
    .filter(([, findings]) => findings.size > 0)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, findings]) => {
      const lines = [...findings]
        .sort(([a], [b]) => byCodeUnit(a, b))
        .map(([pointer, finding]) => `   ${JSON.stringify(pointer)}: ${JSON.stringify(stored(finding))}`);
      return `  ${JSON.stringify(name)}: {\n${lines.join(",\n")}\n  }`;
    });
  const documentsText = blocks.length === 0 ? "{}" : `{\n${blocks.join(",\n")}\n }`;
  return `{\n "format": ${FORMAT},\n "documents": ${documentsText}\n}\n`;
}

function stored({ shape, members, absent }: ExampleFinding): JsonObject {
  return {
    ...(absent.size > 0 ? { absent: [...absent].sort(byCodeUnit) } : {}),
    ...(members.size > 0 ? { members: [...members].sort((a, b) => byCodeUnit(String(a), String(b))) } : {}),
    ...(shape === undefined ? {} : { paths: pathsOf(shape) }),
  };
}

/**
 * Reads the parsed file: findings by document (`v3/contacts`).
 *
 * @throws InvalidEvidenceError with the path and what would be right
 */
export function parseFindings(value: Json, file: string): ReadonlyMap<string, ExampleFindings> {
  const root = objectAt(value);
  if (root.format !== FORMAT) {
    throw new InvalidEvidenceError(`format must be ${FORMAT}, got ${JSON.stringify(root.format)}`, {
      file,
      pointer: "#/format",
    });
  }
  const documents = Object.entries(objectAt(root.documents)).map(([name, rows]) => {
    const findings = Object.entries(objectAt(rows)).map(([pointer, row]) => [pointer, findingOf(row, file)] as const);
    return [name, new Map(findings)] as const;
  });
  return new Map(documents);
}

function findingOf(row: Json, file: string): ExampleFinding {
  const { absent, members, paths } = objectAt(row);
  return {
    absent: new Set(arrayAt(absent).map(String)),
    members: new Set(arrayAt(members)),
    shape: isObject(paths) ? shapeOrFail(paths, file) : undefined,
  };
}

function shapeOrFail(paths: JsonObject, file: string) {
  try {
    return shapeFromPaths(paths as unknown as ShapePaths);
  } catch (cause) {
    throw new InvalidEvidenceError((cause as Error).message, { file, pointer: "#/documents" });
  }
}
