import { isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { at, type Position, resolvePointer } from "../../json/pointer.ts";
import { type OperationVisit, operationsOf } from "../../json/walk.ts";
import type { Observation, Sureness } from "./evidence.ts";
import { type Contradiction, contradictions, type Direction } from "./shape/contradictions.ts";
import type { Slot } from "./shape/forms.ts";

/** A contradiction with the operation it belongs to and what says so. */
export interface EvidencedContradiction extends Contradiction {
  /** Method and path as the observation writes them. */
  readonly operation: string;
  readonly direction: Direction;
  readonly sureness: Sureness;
  readonly sources: readonly string[];
}

/**
 * Finds the contradictions between a document and all observations. Observations of other operations are ignored.
 *
 * @param document - A self-contained OpenAPI document
 * @param observations - The observations, as {@link parseEvidence} returns them
 * @returns The contradictions with their operation and sources
 * @example
 * ```ts
 * import { findContradictions, loadDocument, parseEvidence } from "@ghl-edge/codegen";
 *
 * const evidence = parseEvidence({ format: 1, observations: [] }, "contacts.json");
 * const found = findContradictions(await loadDocument("contacts.json"), evidence);
 * ```
 */
export function findContradictions(
  document: JsonObject,
  observations: readonly Observation[],
): EvidencedContradiction[] {
  const visits = operationsByKey(document);
  return observations.flatMap((observation) => {
    const visit = visits.get(operationKey(observation.operation));
    return visit === undefined ? [] : contradictionsOf(document, visit, observation);
  });
}

function contradictionsOf(
  document: JsonObject,
  visit: OperationVisit,
  observation: Observation,
): EvidencedContradiction[] {
  const { operation, sureness, sources, answers, requests } = observation;
  const found: EvidencedContradiction[] = [];
  const collect = (direction: Direction, all: readonly Contradiction[]): void => {
    found.push(...all.map((one) => ({ ...one, operation, direction, sureness, sources })));
  };
  if (answers !== undefined) {
    const slots = answerSlots(document, visit);
    for (const slot of slots) collect("answer", contradictions({ document, slot }, answers.shape, "answer"));
  }
  if (requests !== undefined) {
    for (const slot of requestSlots(document, visit)) {
      collect("request", contradictions({ document, slot }, requests.shape, "request"));
    }
  }
  return found;
}

/** Operations of a document by {@link operationKey}. */
export function operationsByKey(document: JsonObject): Map<string, OperationVisit> {
  return new Map(
    [...operationsOf(document)].map((visit) => [operationKey(`${visit.method.toUpperCase()} ${visit.path}`), visit]),
  );
}

/** Method and path without the names of path parameters and without a slash at the end: what v2 and v3 write differently. */
export function operationKey(operation: string): string {
  return operation.replace(/\{[^}]*\}/g, "{}").replace(/(?<=.)\/$/, "");
}

/** The schemas of JSON that a call may be answered with. */
export function answerSlots(document: JsonObject, { operation, position }: OperationVisit): Slot[] {
  return Object.entries(objectAt(operation.responses))
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([status, response]) => jsonSlots(document, response, at(position, "responses", status)));
}

/** The schemas of JSON, or of a form, that a call may send. */
export function requestSlots(document: JsonObject, { operation, position }: OperationVisit): Slot[] {
  const holder = objectAt(throughReference(document, operation.requestBody));
  return Object.entries(objectAt(holder.content)).flatMap(([type, media]) =>
    isObject(media)
      ? [{ holder: media, key: "schema", position: at(position, "requestBody", "content", type, "schema") }]
      : [],
  );
}

function jsonSlots(document: JsonObject, holder: Json | undefined, position: Position): Slot[] {
  const content = objectAt(objectAt(throughReference(document, holder)).content);
  return Object.entries(content).flatMap(([type, media]) =>
    /^application\/([\w.+-]+\+)?json\b/i.test(type) && isObject(media)
      ? [{ holder: media, key: "schema", position: at(position, "content", type, "schema") }]
      : [],
  );
}

function throughReference(document: JsonObject, value: Json | undefined): Json | undefined {
  return isObject(value) && typeof value.$ref === "string" ? resolvePointer(document, value.$ref) : value;
}
