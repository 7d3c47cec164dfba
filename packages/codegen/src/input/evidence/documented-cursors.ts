import { arrayAt, isObject, type JsonObject, objectAt } from "../../json/json.ts";
import { at } from "../../json/pointer.ts";
import { type OperationVisit, operationsOf } from "../../json/walk.ts";
import type { ExampleFinding, ExampleFindings } from "./examples/example-shapes.ts";
import { answerSlots, requestSlots } from "./operations.ts";
import { contradictions } from "./shape/contradictions.ts";
import { formsOf, itemSlots, kindsOf, propertySlots, type Slot } from "./shape/forms.ts";
import { parsePath } from "./shape/path.ts";
import { emptyShape, type Shape, stepInto } from "./shape/shape.ts";

/** Prefix in `x-pagination` for a cursor that is a member of the last item of the page. */
const LAST = "$last.";

/**
 * Finds cursors that a list returns but does not accept: `GET /opportunities/search` answers with a number and asks for a
 * text. A caller who reads pages without the paginator passes the cursor on as it came.
 */
export function findInCursors(document: JsonObject): ExampleFindings {
  const findings = new Map<string, ExampleFinding>();
  for (const visit of operationsOf(document)) {
    const row = objectAt(visit.operation["x-pagination"]);
    for (const [name, path] of Object.entries(objectAt(row.cursor))) {
      const given = shapeOfSlots(document, cursorSlots(document, visit, String(path)), 0);
      const takers =
        row.in === "body" ? memberSlots(document, requestSlots(document, visit), name) : query(visit, name);
      for (const slot of takers) {
        for (const { kind, path: refused, pointer } of contradictions({ document, slot }, given, "request")) {
          const shape = kind === "kind" ? shapeAt(given, refused) : undefined;
          if (shape !== undefined) findings.set(pointer, { shape, members: new Set(), absent: new Set() });
        }
      }
    }
  }
  return findings;
}

function query({ operation, position }: OperationVisit, name: string): Slot[] {
  return arrayAt(operation.parameters).flatMap((parameter, index) =>
    isObject(parameter) && parameter.name === name && parameter.in === "query"
      ? [{ holder: parameter, key: "schema", position: at(position, "parameters", index, "schema") }]
      : [],
  );
}

/** The schemas of the cursor in the answer. */
function cursorSlots(document: JsonObject, visit: OperationVisit, path: string): Slot[] {
  const answers = answerSlots(document, visit);
  if (!path.startsWith(LAST)) return follow(document, answers, path);
  const items = String(objectAt(visit.operation["x-pagination"]).items);
  const lists = items === "" ? answers : follow(document, answers, items);
  const records = lists.flatMap((slot) => formsOf(document, slot)).flatMap(itemSlots);
  return follow(document, records, path.slice(LAST.length));
}

function follow(document: JsonObject, slots: readonly Slot[], path: string): Slot[] {
  // a number is the index of an item in a list
  return path.split(".").reduce<Slot[]>(
    (now, name) => {
      if (!/^\d+$/.test(name)) return memberSlots(document, now, name);
      return now.flatMap((slot) => formsOf(document, slot)).flatMap(itemSlots);
    },
    [...slots],
  );
}

function memberSlots(document: JsonObject, slots: readonly Slot[], name: string): Slot[] {
  return slots.flatMap((slot) => formsOf(document, slot)).flatMap((form) => propertySlots(form, name));
}

/** Cursors are texts, numbers and lists of these. Null is the end of a list and is never passed on. */
function shapeOfSlots(document: JsonObject, slots: readonly Slot[], depth: number): Shape {
  const shape = emptyShape();
  const forms = slots.flatMap((slot) => formsOf(document, slot)).filter((form) => form.length > 0);
  for (const form of forms) for (const kind of kindsOf(form)) if (kind !== "null") shape.kinds.set(kind, 0);
  const items = forms.filter((form) => kindsOf(form).has("array")).flatMap(itemSlots);
  if (items.length > 0 && depth < 2) shape.items = shapeOfSlots(document, items, depth + 1);
  return shape;
}

function shapeAt(shape: Shape, path: string): Shape | undefined {
  return (parsePath(path) ?? []).reduce<Shape | undefined>(
    (now, step) => (now === undefined ? undefined : stepInto(now, step)),
    shape,
  );
}
