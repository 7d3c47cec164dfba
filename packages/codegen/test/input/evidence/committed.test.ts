import { describe, expect, test } from "vitest";
import { readEvidence } from "../../../src/input/evidence/load.ts";
import { findContradictions, operationKey, operationsByKey } from "../../../src/input/evidence/operations.ts";
import { printEvidence } from "../../../src/input/evidence/print.ts";
import { HAS_COUNTED_OBSERVATIONS, observationsByModule } from "../../support/counted-observations.ts";
import { type Committed, committedDocuments, evidencedDocuments, OPENAPI } from "../../support/repository.ts";

const FILES = readEvidence(`${OPENAPI}/evidence`, "openapi/evidence");

describe("the committed evidence", () => {
  test("the committed evidence names operations that a document of its module has", () => {
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

  test("the committed evidence is printed as it stands, so that it can be made again", () => {
    for (const { bytes, observations, file } of FILES)
      expect(printEvidence(observations()), file).toBe(bytes.toString());
  });
});

describe.skipIf(!HAS_COUNTED_OBSERVATIONS)("the counted observations (skipped where ../shared is absent)", () => {
  test("the counted observations are in the committed evidence, path by path", () => {
    for (const [module, observations] of observationsByModule()) {
      const committed = FILES.find((file) => file.module === module)?.observations() ?? [];
      for (const observation of observations)
        expect(
          committed.map((one) => printEvidence([one])),
          observation.operation,
        ).toContain(printEvidence([observation]));
    }
  });
});

interface Line {
  readonly line: string;
  readonly sureness: string;
  readonly kind: string;
}

/** Returns the contradictions of documents, one line each. */
function contradicted(documents: readonly Committed[]): Line[] {
  return documents.flatMap(({ name, document }) => {
    const observations = FILES.find(({ module }) => name.endsWith(`/${module}`))?.observations() ?? [];
    return findContradictions(document, observations).map(({ operation, kind, path, detail, sureness, sources }) => {
      const [api] = name.split("/");
      return { line: `${api} ${operation} ${path} ${kind}: ${detail} (${sources.join("; ")})`, sureness, kind };
    });
  });
}

describe("a document after the rules", () => {
  const found = contradicted(evidencedDocuments());

  test("nothing that was recorded or reported is contradicted, in either generation", () => {
    expect(found.filter(({ sureness }) => sureness !== "claimed").map(({ line }) => line)).toEqual([]);
  });

  test("each change that rests on one claim is listed: what it loosens, and what has no effect", async () => {
    const isClaim = ({ sureness }: { sureness: string }) => sureness === "claimed";
    const vain = found.filter(isClaim).map(({ line }) => line);
    const withoutClaims = contradicted(evidencedDocuments((observation) => !isClaim(observation)));
    const loosened = withoutClaims.filter(
      (one) => isClaim(one) && one.kind !== "unknown_field" && !vain.includes(one.line),
    );
    const text = [
      "Types are looser because one source claims it:",
      ...loosened.map(({ line }) => line),
      "",
      "One source claims it, the documents say otherwise, and the types follow the documents:",
      ...vain,
    ];
    await expect(`${text.join("\n")}\n`).toMatchFileSnapshot("../../__snapshots__/evidence/claims.txt");
  });
});
