import { isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import type { OperationVisit } from "../../json/walk.ts";
import { operationsOf } from "../../json/walk.ts";
import { reachableSchemas } from "../load/reachable.ts";
import type { Observation, Sureness } from "./evidence.ts";
import { answerSlots, operationKey, operationsByKey, requestSlots } from "./operations.ts";
import { joinDirections, splitDirections } from "./repair/directions.ts";
import { type KnownFields, knownFields } from "./repair/known-fields.ts";
import { cursorShape, takesCursor } from "./repair/observed-cursors.ts";
import { openEnums } from "./repair/open-enums.ts";
import { repairBySeen } from "./repair/repair.ts";
import { type DescribedAnswer, describedNames, requireContents } from "./repair/require-contents.ts";
import { collectObjects, requireIds, type SeenObjects } from "./repair/require-ids.ts";
import { describeTraceIds } from "./repair/trace-id.ts";
import { saysTheSame } from "./repair/twins.ts";
import type { Target } from "./shape/contradictions.ts";
import { findEnvelope } from "./shape/envelope.ts";
import type { Slot } from "./shape/forms.ts";
import { emptyShape, mergeShape, type Shape } from "./shape/shape.ts";

export interface Evidence {
  readonly observations: readonly Observation[];
  /** The observed generation, when the document is of another one. Default: the document is of the observed generation. */
  readonly twin?: Twin | undefined;
}

/**
 * Both generations as HighLevel describes them. What was seen of one holds for the other where both describe an answer
 * alike; elsewhere it only loosens.
 */
export interface Twin {
  readonly own: JsonObject;
  readonly observed: JsonObject;
}

/**
 * A document as the live API is: one that contradicts nothing that was seen, whose answers keep their enums open and know
 * `traceId`. The rules and their reasons: docs/design/evidence.md. The input is left alone.
 */
export function applyEvidence(input: JsonObject, { observations, twin }: Evidence): JsonObject {
  // a clone preserves an object that two positions share, so a change at one position would change the other
  const document = JSON.parse(JSON.stringify(input)) as JsonObject;
  const copies = splitDirections(document);
  const seen = seenOperations(document, observations, twin);
  const described = describedAnswers(document, seen);
  for (const one of seen) describeSilentAnswer(one);
  const known = knownFields(input);
  loosen(document, seen, known);
  const objects: SeenObjects = new Map();
  for (const { visit, firm, agrees } of seen) {
    for (const slot of answerSlots(document, visit)) collectObjects(document, { slot, shape: firm, agrees }, objects);
  }
  requireIds(objects);
  requireContents(document, described);
  // what one claim lacks is not always there
  loosen(document, seen, known);
  openEnums(document, answerSchemas(document));
  describeTraceIds(
    document,
    [...operationsOf(document)].flatMap((visit) => answerSlots(document, visit)),
  );
  joinDirections(document, copies);
  dropUnreached(document);
  return document;
}

/**
 * The observations that hold for a document: of an answer that its generation describes otherwise, one claim about the other
 * generation says nothing.
 */
export function holdingObservations({ observations, twin }: Evidence): Observation[] {
  const agreement = new Agreement(twin);
  return observations.filter(
    ({ operation, sureness }) => sureness !== "claimed" || agreement.of(operationKey(operation)).agrees,
  );
}

/** Everything that was seen of one operation. */
interface SeenOperation {
  readonly visit: OperationVisit;
  /** Answers that were recorded or that several sources report. */
  readonly firm: Shape;
  /** The same and what one source claims. */
  readonly all: Shape;
  readonly requests: Shape;
  /** The observed generation describes the answer as this one does. */
  readonly agrees: boolean;
  /** An answer of the observed generation, where this is another one. */
  readonly twin: Target | undefined;
}

function seenOperations(
  document: JsonObject,
  observations: readonly Observation[],
  twin: Twin | undefined,
): SeenOperation[] {
  const visits = operationsByKey(document);
  const agreement = new Agreement(twin);
  const seen = new Map<string, SeenOperation>();
  for (const { operation, sureness, answers, requests } of observations) {
    const key = operationKey(operation);
    const visit = visits.get(key);
    if (visit === undefined) continue;
    const known = seen.get(key) ?? { visit, ...agreement.of(key), ...nothingSeen() };
    seen.set(key, known);
    if (answers !== undefined && sureness !== "claimed") mergeShape(known.firm, answers.shape);
    // of an answer that this generation describes otherwise, one claim about the other generation says nothing
    if (answers !== undefined && (known.agrees || sureness !== "claimed")) mergeShape(known.all, answers.shape);
    if (requests !== undefined && isTaken(sureness, requests.count)) mergeShape(known.requests, requests.shape);
  }
  return [...seen.values()];
}

/** Number of independent senders that count as one recorded exchange that succeeded. */
const MIN_SENDERS = 2;

/** Whether a request counts as taken by the live API. One author's word changes no request. */
function isTaken(sureness: Sureness, senders: number): boolean {
  return sureness === "recorded" || (sureness === "reported" && senders >= MIN_SENDERS);
}

function nothingSeen(): Pick<SeenOperation, "firm" | "all" | "requests"> {
  return { firm: emptyShape(), all: emptyShape(), requests: emptyShape() };
}

/** Parts of an answer that two generations describe alike. */
class Agreement {
  readonly #twin: Twin | undefined;
  readonly #own: ReadonlyMap<string, OperationVisit>;
  readonly #observed: ReadonlyMap<string, OperationVisit>;

  constructor(twin: Twin | undefined) {
    this.#twin = twin;
    this.#own = twin === undefined ? new Map() : operationsByKey(twin.own);
    this.#observed = twin === undefined ? new Map() : operationsByKey(twin.observed);
  }

  of(key: string): Pick<SeenOperation, "agrees" | "twin"> {
    if (this.#twin === undefined) return { agrees: true, twin: undefined };
    const { own, observed } = this.#twin;
    const here = slotsOf(own, this.#own.get(key));
    const there = slotsOf(observed, this.#observed.get(key));
    const agrees =
      there.length > 0 &&
      here.length === there.length &&
      here.every(({ holder, key: name }, index) => {
        const other = there[index];
        return saysTheSame(
          { document: own, value: holder[name] },
          { document: observed, value: other?.holder[other.key] },
        );
      });
    const [slot] = there;
    return { agrees, twin: slot === undefined ? undefined : { document: observed, slot } };
  }
}

function slotsOf(document: JsonObject, visit: OperationVisit | undefined): Slot[] {
  return visit === undefined ? [] : answerSlots(document, visit);
}

function loosen(document: JsonObject, seen: readonly SeenOperation[], known: KnownFields): void {
  for (const { visit, firm, all, requests, agrees, twin } of seen) {
    for (const slot of answerSlots(document, visit)) {
      const target = { document, slot };
      // what one source claims makes members optional and adds some; it changes no kind and no envelope
      const envelopes = agrees || sameEnvelope(target, twin, firm);
      repairBySeen(target, { shape: firm, direction: "answer" }, { envelopes, known });
      repairBySeen(target, { shape: all, direction: "answer" }, { envelopes: false, kinds: false, known });
    }
    for (const slot of requestSlots(document, visit)) {
      repairBySeen({ document, slot }, { shape: requests, direction: "request" }, { known });
      if (!takesCursor(document, slot)) continue;
      repairBySeen({ document, slot }, { shape: cursorShape(all), direction: "request" }, { known });
    }
  }
}

/** The answers that the document itself describes, with what was seen of them. */
function describedAnswers(document: JsonObject, seen: readonly SeenOperation[]): DescribedAnswer[] {
  const shapes = new Map(seen.map(({ visit, firm }) => [visit.operation, firm]));
  return [...operationsOf(document)].flatMap((visit) =>
    answerSlots(document, visit).map((slot) => ({
      slot,
      names: describedNames(document, slot),
      shape: shapes.get(visit.operation),
    })),
  );
}

/** Whether the shape contradicts both generations in the same way, although their contents differ. */
function sameEnvelope(here: Target, twin: Target | undefined, shape: Shape): boolean {
  const mine = findEnvelope(here.document, here.slot, shape);
  const theirs = twin === undefined ? undefined : findEnvelope(twin.document, twin.slot, shape);
  return mine !== undefined && mine.member === theirs?.member && mine.instead === theirs?.instead;
}

/** A success without a schema gets an empty one, which what was seen then fills. 204 and 205 have no content to describe. */
function describeSilentAnswer({ visit, all }: SeenOperation): void {
  if (all.kinds.get("object") === undefined) return;
  const responses = objectAt(visit.operation.responses);
  const isSilent = Object.entries(responses).every(
    ([status, response]) => !status.startsWith("2") || objectAt(response).content === undefined,
  );
  const [status, response] = Object.entries(responses).find(([code]) => /^20[0-36-9]$/.test(code)) ?? [];
  if (!isSilent || status === undefined || !isObject(response)) return;
  response.content = { "application/json": { schema: { type: "object" } } };
}

/** An answer that moved out of its envelope leaves the envelope's schema behind. */
function dropUnreached(document: JsonObject): void {
  const components = objectAt(document.components);
  components.schemas = reachableSchemas({ paths: document.paths ?? {} }, objectAt(components.schemas));
}

/** The schemas of every answer, errors among them. */
function answerSchemas(document: JsonObject): Json[] {
  return [...operationsOf(document)].flatMap(({ operation }) =>
    Object.values(objectAt(operation.responses)).flatMap((response) =>
      Object.values(objectAt(objectAt(response).content)).flatMap((media) => objectAt(media).schema ?? []),
    ),
  );
}
