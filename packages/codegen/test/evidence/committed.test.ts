import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/evidence/load.ts";
import { operationKey, operationsByKey } from "../../src/evidence/operations.ts";
import { printEvidence } from "../../src/evidence/print.ts";
import { HAS_FACTS, observationsFromFacts } from "../support/evidence-facts.ts";
import { committedDocuments, OPENAPI } from "../support/repository.ts";

const FILES = readEvidence(`${OPENAPI}/evidence`, "openapi/evidence");

describe("the committed evidence", () => {
  test("names operations that a document of its module has", () => {
    const documents = committedDocuments();
    // Events are held against openapi/webhooks.yaml, in events.test.ts.
    const unknown = FILES.filter(({ module }) => module !== "events").flatMap(({ module, observations }) => {
      const own = documents
        .filter(({ name }) => name.endsWith(`/${module}`))
        .map(({ document }) => operationsByKey(document));
      return observations()
        .filter(({ operation }) => !own.some((operations) => operations.has(operationKey(operation))))
        .map(({ operation }) => `${module} ${operation}`);
    });
    expect(unknown).toEqual([]);
  });

  test("is printed as it stands, so that it can be made again", () => {
    for (const { bytes, observations, file } of FILES)
      expect(printEvidence(observations()), file).toBe(bytes.toString());
  });
});

describe.skipIf(!HAS_FACTS)("the counted facts (skipped where ../shared is absent)", () => {
  test("are in the committed evidence, path by path", () => {
    for (const [module, facts] of observationsFromFacts()) {
      const committed = FILES.find((file) => file.module === module)?.observations() ?? [];
      for (const fact of facts)
        expect(
          committed.map((one) => printEvidence([one])),
          fact.operation,
        ).toContain(printEvidence([fact]));
    }
  });
});
