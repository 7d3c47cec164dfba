import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { at, type Position, resolvePointer } from "../../../json/pointer.ts";
import type { OperationVisit } from "../../../json/walk.ts";
import { parseReference, targetFile } from "../../load/reference.ts";
import type { Hit, LintContext, LintRule } from "../rule.ts";

function rule(name: string, why: string, find: (visit: OperationVisit, context: LintContext) => Hit[]): LintRule {
  return { name, why, check: { on: "operation", find } };
}

interface MediaVisit {
  readonly media: JsonObject;
  readonly position: Position;
}

function mediaOf(holder: Json | undefined, position: Position): MediaVisit[] {
  return Object.entries(objectAt(objectAt(holder).content)).map(([type, media]) => ({
    media: objectAt(media),
    position: at(position, "content", type),
  }));
}

function responsesOf(
  { operation, position }: OperationVisit,
  status: RegExp,
): { code: string; response: JsonObject; position: Position }[] {
  return Object.entries(objectAt(operation.responses))
    .filter(([code]) => status.test(code))
    .map(([code, response]) => ({ code, response: objectAt(response), position: at(position, "responses", code) }));
}

const SUCCESS = /^2/;
const FAILURE = /^[45]/;
/** RFC 9110, sections 15.3.5 and 15.3.6: an answer of these has no content. */
const WITHOUT_CONTENT: readonly string[] = ["204", "205"];

/** `default` beside a success is what all other answers are like, failures among them; alone it is the success. */
function failuresOf(visit: OperationVisit, status: RegExp): ReturnType<typeof responsesOf> {
  const others = responsesOf(visit, SUCCESS).length > 0 ? responsesOf(visit, /^default$/) : [];
  return [...responsesOf(visit, status), ...others];
}

export const bodyRules: readonly LintRule[] = [
  rule("request-media-no-schema", "A media type that does not say what is sent.", ({ operation, position }) =>
    mediaOf(operation.requestBody, at(position, "requestBody"))
      .filter(({ media }) => media.schema === undefined)
      .map((found) => ({ position: found.position })),
  ),
  rule("request-body-opaque", "A body about which nothing is said.", ({ operation, position }, context) =>
    mediaOf(operation.requestBody, at(position, "requestBody"))
      .filter(({ media }) => media.schema !== undefined && isOpaque(media.schema, context))
      .map((found) => ({ position: at(found.position, "schema") })),
  ),
  rule("2xx-without-schema", "A success that does not say what it answers.", (visit) =>
    responsesOf(visit, SUCCESS)
      .filter(({ code }) => visit.method !== "head" && !WITHOUT_CONTENT.includes(code))
      .filter(({ response, position }) => mediaOf(response, position).every(({ media }) => media.schema === undefined))
      .map(({ position }) => ({ position })),
  ),
  rule("response-2xx-opaque", "A success whose schema says nothing.", (visit, context) =>
    responsesOf(visit, SUCCESS)
      .flatMap(({ response, position }) => mediaOf(response, position))
      .filter(({ media }) => media.schema !== undefined && isTypeless(media.schema, context))
      .map(({ position }) => ({ position: at(position, "schema") })),
  ),
  rule("multiple-2xx", "Two successes, of which only one can be meant.", (visit) => {
    const codes = responsesOf(visit, SUCCESS).map(({ code }) => code);
    return codes.length > 1 ? [{ position: at(visit.position, "responses"), detail: codes.join(", ") }] : [];
  }),
  rule("no-error-response", "No 4xx is described.", (visit) =>
    failuresOf(visit, /^4/).length === 0 ? [{ position: at(visit.position, "responses") }] : [],
  ),
  rule("no-error-schema", "No failure says what it answers.", (visit) => {
    const failures = failuresOf(visit, FAILURE).flatMap(({ response, position }) => mediaOf(response, position));
    return failures.some(({ media }) => media.schema !== undefined)
      ? []
      : [{ position: at(visit.position, "responses") }];
  }),
  rule("response-header-no-schema", "A response header without a schema, which OpenAPI does not allow.", (visit) =>
    responsesOf(visit, /./).flatMap(({ response, position }) =>
      Object.entries(objectAt(response.headers))
        .filter(
          ([, header]) =>
            isObject(header) &&
            header.schema === undefined &&
            header.content === undefined &&
            header.$ref === undefined,
        )
        .map(([name]) => ({ position: at(position, "headers", name) })),
    ),
  ),
];

function followed(schema: Json | undefined, { document, file, files }: LintContext): JsonObject {
  const { $ref } = objectAt(schema);
  if (typeof $ref !== "string") return objectAt(schema);
  const target = parseReference($ref);
  const home = target.file === "" ? document : files.get(targetFile(file, target.file));
  return home === undefined ? {} : objectAt(resolvePointer(home, target.pointer));
}

function saysNothing(schema: JsonObject): boolean {
  return !["$ref", "items", "enum", "oneOf", "anyOf", "allOf", "additionalProperties"].some(
    (key) => schema[key] !== undefined,
  );
}

/** An object without members, or nothing at all. */
function isOpaque(value: Json, context: LintContext): boolean {
  const schema = followed(value, context);
  const members = Object.values(objectAt(schema.properties));
  if (!saysNothing(schema) || (schema.type !== undefined && schema.type !== "object")) return false;
  return members.every((member) => isOpaqueMember(objectAt(member)));
}

function isOpaqueMember(schema: JsonObject): boolean {
  return saysNothing(schema) && schema.type === "object" && Object.keys(objectAt(schema.properties)).length === 0;
}

function isTypeless(value: Json, context: LintContext): boolean {
  const schema = followed(value, context);
  return (
    saysNothing(schema) &&
    schema.type === undefined &&
    arrayAt(schema.enum).length === 0 &&
    schema.properties === undefined
  );
}
