import { type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { pointerOf } from "../../../json/pointer.ts";
import { type Misfit, misfits } from "../shape/misfit.ts";
import { mergeShape, type Shape, shapeOf } from "../shape/shape.ts";
import { examplesOf } from "./examples.ts";
import { notAValue } from "./not-a-value.ts";

/** Values in examples that their schema refuses, for one schema. */
export interface ExampleFinding {
  /** Kinds that it does not take, with everything below them. */
  readonly shape: Shape | undefined;
  /** Values that its enum lacks. */
  readonly members: ReadonlySet<Json>;
  /** Members that it requires and that are not there. */
  readonly absent: ReadonlySet<string>;
}

/** Findings of one document by JSON Pointer of the refusing schema. */
export type ExampleFindings = ReadonlyMap<string, ExampleFinding>;

interface Collected {
  shape: Shape | undefined;
  readonly members: Set<Json>;
  readonly absent: Set<string>;
}

/** Holds every example of a document (`carryExamples`, then distilled) against the schema that its type comes from. */
export function findInExamples(document: JsonObject): ExampleFindings {
  const findings = new Map<string, Collected>();
  for (const example of examplesOf(document)) {
    for (const misfit of misfits(document, example, { value: example.value })) {
      if (misfit.kind === "closed" || notAValue(document, misfit) !== undefined) continue;
      const pointer = pointerOf(misfit.by.position);
      const finding = findings.get(pointer) ?? { shape: undefined, members: new Set(), absent: new Set() };
      add(finding, misfit);
      findings.set(pointer, finding);
    }
  }
  return findings;
}

function add(finding: Collected, { kind, value, expected, by }: Misfit): void {
  if (kind === "missing") finding.absent.add(expected);
  else if (kind === "enum") finding.members.add(value);
  else {
    for (const member of unlisted(objectAt(by.schema), value)) finding.members.add(member);
    const shape = shapeOf([value]);
    if (finding.shape === undefined) finding.shape = shape;
    else mergeShape(finding.shape, shape);
  }
}

/** A list beside one value of an enum, or one item beside a list, becomes an alternative with the same enum: what it lacks. */
function unlisted(schema: JsonObject, value: Json): Json[] {
  const values = Array.isArray(value) ? value : [value];
  const members = Array.isArray(value) ? schema.enum : objectAt(schema.items).enum;
  return Array.isArray(members) ? values.filter((item) => !members.includes(item)) : [];
}
