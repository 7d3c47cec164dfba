import type { Json, JsonObject } from "../../../json/json.ts";
import { pointerOf, resolvePointer } from "../../../json/pointer.ts";
import { type Misfit, misfits } from "../shape/misfit.ts";
import { type Example, examplesOf } from "./examples.ts";
import { notAValue } from "./not-a-value.ts";

/** An example that the generated type refuses. */
export interface RefusedExample {
  /** JSON Pointer of the schema that the example belongs to. */
  readonly pointer: string;
  /** Path in the example, what the type takes there, and what the example has. */
  readonly path: string;
  readonly expected: string;
  readonly value: Json;
  /** Reason why the type is right to refuse it. It is undefined when the type is wrong. */
  readonly reason: string | undefined;
}

/**
 * The examples that the types generated from `generated` refuse, each with the reason.
 *
 * @param document - The document with its examples, as upstream has it (`carryExamples`, then distilled)
 * @param generated - The same document as modules are built from it
 */
export function refusedExamples(document: JsonObject, generated: JsonObject): RefusedExample[] {
  return [...examplesOf(document)].flatMap((example) => {
    const pointer = pointerOf(example.position);
    const now = { schema: resolvePointer(generated, pointer), position: example.position };
    const [misfit] = misfits(generated, now, { value: example.value });
    if (misfit === undefined) return [];
    const { path, expected, value } = misfit;
    return [{ pointer, path, expected, value, reason: reasonFor(document, example, misfit) }];
  });
}

/** The reason follows from the schema as upstream has it, or from what the live API always answers. */
function reasonFor(document: JsonObject, example: Example, { kind, path }: Misfit): string | undefined {
  const found = misfits(document, example, { value: example.value }).find((misfit) => misfit.path === path);
  if (found !== undefined) return notAValue(document, found);
  return kind === "missing" ? "every answer that was seen holds the member" : undefined;
}
