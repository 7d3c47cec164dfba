import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXAMPLES_FILE, parseFindings } from "../../../../src/input/evidence/examples/example-file.ts";
import { examplesOf } from "../../../../src/input/evidence/examples/examples.ts";
import { refusedExamples } from "../../../../src/input/evidence/examples/refused-examples.ts";
import { kindOf } from "../../../../src/input/evidence/shape/kind.ts";
import { misfits } from "../../../../src/input/evidence/shape/misfit.ts";
import type { Json } from "../../../../src/json/json.ts";
import { resolvePointer } from "../../../../src/json/pointer.ts";
import { documentsWithExamples } from "../../../support/examples.ts";
import { committedDocuments, evidencedDocuments, OPENAPI, UPSTREAM } from "../../../support/repository.ts";

/** Examples that types may refuse, over all documents. */
const MAX_REFUSED = 40;

const findings = parseFindings(JSON.parse(readFileSync(`${OPENAPI}/${EXAMPLES_FILE}`, "utf8")) as Json, EXAMPLES_FILE);

test("every finding in openapi/evidence/examples.json belongs to a schema of a committed document", () => {
  const documents = new Map(committedDocuments().map(({ name, document }) => [name, document]));
  for (const [name, own] of findings) {
    const gone = [...own.keys()].filter((pointer) => resolvePointer(documents.get(name) ?? {}, pointer) === undefined);
    expect(gone, name).toEqual([]);
  }
  expect(findings.size).toBeGreaterThan(40);
});

describe.skipIf(!existsSync(UPSTREAM))("HighLevel's own examples (skipped without ../shared/openapi-upstream)", () => {
  test("HighLevel's own examples are refused 402 times in 14,434 by schemas that are repaired and have no overlays", async () => {
    const upstream = await documentsWithExamples(UPSTREAM, { overlays: false });
    const examples = [...upstream.values()].flatMap((document) =>
      [...examplesOf(document)].map((example) => misfits(document, example, { value: example.value }).length > 0),
    );
    expect({ all: examples.length, refused: examples.filter((refused) => refused).length }).toEqual({
      all: 14_434,
      refused: 402,
    });
  });

  test(`HighLevel's own examples are refused by generated types at most ${MAX_REFUSED} times, each for a listed reason`, async () => {
    const generated = new Map(evidencedDocuments().map(({ name, document }) => [name, document]));
    const refused = [...(await documentsWithExamples(UPSTREAM))].flatMap(([name, document]) =>
      refusedExamples(document, generated.get(name) ?? {}).map((row) => ({ name, ...row })),
    );
    const lines = refused.map(({ name, pointer, path, expected, value, reason }) => {
      const what = `${path} takes ${shorten(expected)}, got ${article(kindOf(value))}`;
      return `${name} ${pointer}\n  ${what}\n  ${reason ?? "no reason: a rule is missing"}`;
    });
    expect(refused.filter(({ reason }) => reason === undefined)).toEqual([]);
    expect(refused.length).toBeLessThanOrEqual(MAX_REFUSED);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../../__snapshots__/evidence/refused-examples.txt");
  });
});

/** The list holds no value: the examples are HighLevel's texts. */
function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function shorten(text: string): string {
  return text.length > 70 ? `${text.slice(0, 67)}...` : text;
}
