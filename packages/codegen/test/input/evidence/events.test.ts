import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Observation } from "../../../src/input/evidence/evidence.ts";
import { readEvidence } from "../../../src/input/evidence/load.ts";
import { printEvidence } from "../../../src/input/evidence/print.ts";
import { type Contradiction, contradictions } from "../../../src/input/evidence/shape/contradictions.ts";
import { type JsonObject, objectAt } from "../../../src/json/json.ts";
import { at, ROOT, resolvePointer } from "../../../src/json/pointer.ts";
import { HAS_COUNTED_EVENTS, observationsOfEvents } from "../../support/event-observations.ts";
import { OPENAPI } from "../../support/repository.ts";

const DOCUMENT = parse(readFileSync(`${OPENAPI}/webhooks.yaml`, "utf8")) as JsonObject;
const OBSERVATIONS =
  readEvidence(`${OPENAPI}/evidence`, "openapi/evidence")
    .find(({ module }) => module === "events")
    ?.observations() ?? [];

/** `POST /ContactCreate`: a delivery is a POST to the app, and has the event's name instead of a path. */
const eventOf = ({ operation }: Observation): string => operation.slice("POST /".length);

function bodyOf(document: JsonObject, event: string) {
  const post = objectAt(objectAt(objectAt(document.webhooks)[event]).post);
  const body = objectAt(resolvePointer(document, String(objectAt(post.requestBody).$ref)));
  const media = objectAt(objectAt(body.content)["application/json"]);
  return { holder: media, key: "schema", position: at(ROOT, "webhooks", event, "post", "requestBody") };
}

/** Everything that a document of events contradicts. */
function contradicted(document: JsonObject): string[] {
  return OBSERVATIONS.flatMap((observation) => {
    const slot = bodyOf(document, eventOf(observation));
    const found: Contradiction[] =
      observation.requests === undefined
        ? []
        : contradictions({ document, slot }, observation.requests.shape, "request");
    return found.map(({ kind, path, detail }) => `${eventOf(observation)} ${kind} ${path}: ${detail}`);
  });
}

/** The document with one schema changed. */
function withSchema(name: string, change: (properties: JsonObject, schema: JsonObject) => void): JsonObject {
  const document = structuredClone(DOCUMENT);
  const schema = objectAt(objectAt(objectAt(document.components).schemas)[name]);
  change(objectAt(schema.properties), schema);
  return document;
}

describe("the evidence of events", () => {
  test("the evidence of events is of eleven events that openapi/webhooks.yaml has", () => {
    expect(OBSERVATIONS).toHaveLength(11);
    for (const observation of OBSERVATIONS) {
      expect(Object.keys(objectAt(DOCUMENT.webhooks))).toContain(eventOf(observation));
      expect(observation.requests?.shape.members.size, observation.operation).toBeGreaterThan(0);
    }
  });

  test("the evidence of events contradicts openapi/webhooks.yaml nowhere", () => {
    expect(contradicted(DOCUMENT)).toEqual([]);
  });

  test.each([
    [
      "null",
      withSchema("OpportunityPayload", (fields) => {
        fields.assignedTo = { type: "string" };
      }),
      "OpportunityCreate null $.assignedTo: string, seen null",
    ],
    [
      "a kind",
      withSchema("MessagePayload", (fields) => {
        fields.from = { type: "string" };
      }),
      "InboundMessage kind $.from: string, seen object",
    ],
    [
      "a kind of items",
      withSchema("OrderProduct", (fields) => {
        fields.taxes = { type: "array", items: { $ref: "#/components/schemas/TaxRate" } };
      }),
      "OrderStatusUpdate kind $.items[].product.taxes[]: object, seen number",
    ],
    [
      "a field",
      withSchema("DndSettings", (fields) => {
        delete fields.RCS;
      }),
      "ContactDndUpdate unknown_field $.dndSettings.RCS: no such member is described",
    ],
    [
      "what is required",
      withSchema("RecordPayload", (_fields, schema) => {
        schema.required = ["owners"];
      }),
      "RecordCreate missing_required $.owners: required, seen 0 of 1 times",
    ],
  ])("the evidence of events is found where the document contradicts it in %s", (_what, document, expected) => {
    expect(contradicted(document)).toContain(expected);
  });
});

describe.skipIf(!HAS_COUNTED_EVENTS)("the counted deliveries (skipped where ../shared is absent)", () => {
  test("the counted deliveries are the committed evidence", () => {
    expect(printEvidence(OBSERVATIONS)).toBe(printEvidence(observationsOfEvents()));
  });
});
