import type { Observation } from "../evidence/evidence.ts";
import { type EvidencedContradiction, findContradictions } from "../evidence/operations.ts";
import type { UpstreamDocument } from "../load/documents.ts";
import type { Finding } from "./rule.ts";

/** Observations by module. */
export type EvidenceByModule = ReadonlyMap<string, readonly Observation[]>;

const CONTRADICTED = {
  name: "contradicts-evidence",
  why: "The live API was seen to answer, or to take, what the schema refuses.",
};
const CLAIMED = {
  name: "contradicts-claim",
  why: "One source, and no other, claims that the live API does what the schema refuses.",
};
const UNDESCRIBED = {
  name: "field-not-described",
  why: "A member was seen that no schema has.",
};

export const EVIDENCE_CLASSES: readonly { readonly name: string; readonly why: string }[] = [
  CONTRADICTED,
  CLAIMED,
  UNDESCRIBED,
];

/** Finds contradictions between documents and observations. The detail names the operation, the path and the sources. */
export function findContradicted(documents: readonly UpstreamDocument[], evidence: EvidenceByModule): Finding[] {
  return documents.flatMap(({ api, module, file, document }) =>
    findContradictions(document, evidence.get(module) ?? []).map((found) => ({
      class: classOf(found),
      api,
      file,
      pointer: found.pointer,
      detail: `${found.operation} ${found.direction} ${found.path} ${found.kind}: ${found.detail}; ${surenessOf(found)}`,
    })),
  );
}

function classOf({ kind, sureness }: EvidencedContradiction): string {
  if (kind === "unknown_field") return UNDESCRIBED.name;
  return sureness === "claimed" ? CLAIMED.name : CONTRADICTED.name;
}

function surenessOf({ sureness, sources }: EvidencedContradiction): string {
  return sureness === "claimed" ? `claimed by one source: ${sources.join("; ")}` : `${sureness}: ${sources.join("; ")}`;
}
