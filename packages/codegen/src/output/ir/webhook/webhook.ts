import { didYouMean } from "@ghl-edge/core";
import { CodegenError, NameClashError } from "../../../errors.ts";
import { equalJson, isObject, type Json, type JsonObject } from "../../../json/json.ts";
import { at, type Position, pointerOf, ROOT } from "../../../json/pointer.ts";
import { InvalidWebhooksError } from "./error.ts";
import type { WebhookEventModel, WebhookModel, WebhookSchema, WebhookTenant } from "./model.ts";
import { fail, memberObject, readWebhookSchema, schemaReference, shapeReferences, stringList } from "./schema.ts";

const ENVELOPE = "Envelope";
const BODY_PREFIX = "#/components/requestBodies/";
const STATUSES = ["documented", "captured", "name-only", "legacy"] as const;
const DISCRIMINATORS = ["event", "alias", "channel", "payload", "absent", "undocumented"] as const;

function oneOf<const T extends string>(
  object: JsonObject,
  { key, values }: { readonly key: string; readonly values: readonly T[] },
  position: Position,
): T {
  const value = object[key];
  return values.find((known) => known === value) ?? fail(at(position, key), `must be one of ${values.join(", ")}`);
}

function text(object: JsonObject, key: string, position: Position): string {
  const value = object[key];
  return typeof value === "string" && value !== "" ? value : fail(at(position, key), "must be a text");
}

function readTenant(operation: JsonObject, position: Position): WebhookTenant {
  const tenant = memberObject(operation, "x-tenant", position);
  const here = at(position, "x-tenant");
  const where = tenant.where === undefined ? [] : Object.entries(memberObject(tenant, "where", here));
  const [condition] = where;
  if (where.length > 1 || (condition && typeof condition[1] !== "string")) fail(here, "where must be one field: text");
  return {
    ...(tenant.location === undefined ? {} : { location: text(tenant, "location", here) }),
    ...(tenant.company === undefined ? {} : { company: text(tenant, "company", here) }),
    ...(condition === undefined ? {} : { where: [condition[0], String(condition[1])] }),
  };
}

/** The payload's schema in `Envelope` or `allOf: [Envelope, payload]`. */
function payloadOf(schema: Json | undefined, position: Position): string | undefined {
  if (schemaReference(schema, position) === ENVELOPE) return undefined;
  const parts = isObject(schema) && Array.isArray(schema.allOf) ? schema.allOf : [];
  const payload = schemaReference(parts[1], at(position, "allOf", 1));
  if (schemaReference(parts[0], at(position, "allOf", 0)) !== ENVELOPE || parts.length !== 2 || payload === undefined) {
    fail(position, `must be ${ENVELOPE}, or allOf of ${ENVELOPE} and one payload schema`);
  }
  return payload;
}

function readBody(
  document: JsonObject,
  operation: JsonObject,
  position: Position,
): Pick<WebhookEventModel, "payload" | "list"> {
  const reference = memberObject(operation, "requestBody", position).$ref;
  const here = at(position, "requestBody");
  if (typeof reference !== "string" || !reference.startsWith(BODY_PREFIX)) fail(here, `must point into ${BODY_PREFIX}`);
  const name = reference.slice(BODY_PREFIX.length);
  const components = memberObject(document, "components", ROOT);
  const bodies = memberObject(components, "requestBodies", at(ROOT, "components"));
  if (!isObject(bodies[name])) fail(here, `${reference} not found`);
  const bodyPosition = at(ROOT, "components", "requestBodies", name, "content", "application/json");
  const content = memberObject(bodies[name], "content", at(ROOT, "components", "requestBodies", name));
  const schema = memberObject(content, "application/json", bodyPosition).schema;
  const schemaPosition = at(bodyPosition, "schema");
  const choices = isObject(schema) && Array.isArray(schema.oneOf) ? schema.oneOf : undefined;
  if (choices === undefined) return { payload: payloadOf(schema, schemaPosition), list: false };
  const [single, many] = choices;
  if (choices.length !== 2 || !isObject(many) || many.type !== "array" || !equalJson(many.items, single)) {
    fail(schemaPosition, "oneOf must be one event and an array of the same");
  }
  return { payload: payloadOf(single, at(schemaPosition, "oneOf", 0)), list: true };
}

function readEvent(document: JsonObject, name: string, item: Json | undefined): WebhookEventModel {
  const itemPosition = at(ROOT, "webhooks", name);
  if (!isObject(item)) fail(itemPosition, "must be an object");
  const position = at(itemPosition, "post");
  const operation = memberObject(item, "post", itemPosition);
  if (operation.operationId !== name) fail(at(position, "operationId"), `must be "${name}"`);
  const wire = stringList(operation, "x-type", position) ?? [];
  if (wire.length === 0) fail(at(position, "x-type"), "must name at least one value of `type`");
  return {
    name,
    category: text(operation, "x-category", position),
    status: oneOf(operation, { key: "x-status", values: STATUSES }, position),
    discriminator: oneOf(operation, { key: "x-discriminator", values: DISCRIMINATORS }, position),
    wire,
    aliases: stringList(operation, "x-aliases", position) ?? [],
    tenant: readTenant(operation, position),
    scopes: stringList(operation, "x-scopes", position),
    source: text(operation, "x-source", position),
    date: text(operation, "x-date", position),
    ...readBody(document, operation, position),
  };
}

/** Returns every name that identifies an event, its own first. */
export function eventNames(event: WebhookEventModel): string[] {
  return [event.name, ...event.wire, ...event.aliases];
}

function checkNames(events: readonly WebhookEventModel[], schemas: ReadonlyMap<string, WebhookSchema>): void {
  const owners = new Map<string, string>();
  for (const event of events) {
    const pointer = pointerOf(at(ROOT, "webhooks", event.name));
    if (schemas.has(event.name))
      throw new NameClashError(`name ${event.name} must be unique, got a schema and an event`, { pointer });
    for (const name of eventNames(event)) {
      const owner = owners.get(name.toLowerCase());
      if (owner !== undefined && owner !== event.name) {
        throw new NameClashError(`name "${name}" must be unique, got ${owner} and ${event.name}`, { pointer });
      }
      owners.set(name.toLowerCase(), event.name);
    }
  }
}

function checkReferences(events: readonly WebhookEventModel[], schemas: ReadonlyMap<string, WebhookSchema>): void {
  for (const { name, payload } of events) {
    if (payload !== undefined && !schemas.has(payload))
      fail(at(ROOT, "webhooks", name), `schema "${payload}" not found${didYouMean(payload, schemas.keys())}`);
  }
  for (const { name, base, fields } of schemas.values()) {
    const position = at(ROOT, "components", "schemas", name);
    if (base !== undefined && !schemas.has(base))
      fail(position, `schema "${base}" not found${didYouMean(base, schemas.keys())}`);
    for (const field of fields) {
      const missing = shapeReferences(field.shape).find((target) => !schemas.has(target));
      if (missing !== undefined)
        fail(
          at(position, "properties", field.name),
          `schema "${missing}" not found${didYouMean(missing, schemas.keys())}`,
        );
    }
  }
}

/** The same error, with the file it is about. */
function inFile(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof CodegenError) || error.file !== undefined || file === undefined) return error;
  const position = { file, pointer: error.pointer };
  if (error instanceof NameClashError) return new NameClashError(error.message, position);
  return new InvalidWebhooksError(error.message, position);
}

/**
 * The model of an OpenAPI 3.1 `webhooks` document in the form of `openapi/webhooks.yaml`.
 * Throws InvalidWebhooksError with a pointer, or NameClashError when two events answer to one name.
 */
export function readWebhooks(document: Json, file?: string): WebhookModel {
  try {
    return buildModel(document);
  } catch (error) {
    throw inFile(error, file);
  }
}

function buildModel(document: Json): WebhookModel {
  if (!isObject(document)) fail(ROOT, "must be an object");
  const webhooks = memberObject(document, "webhooks", ROOT);
  const schemas = new Map<string, WebhookSchema>();
  const components = memberObject(document, "components", ROOT);
  const schemasPosition = at(ROOT, "components", "schemas");
  const named = memberObject(components, "schemas", at(ROOT, "components"));
  for (const name of Object.keys(named))
    schemas.set(name, readWebhookSchema(name, memberObject(named, name, schemasPosition)));
  const envelope = schemas.get(ENVELOPE);
  if (envelope === undefined) fail(at(schemasPosition, ENVELOPE), "must describe the envelope");
  schemas.delete(ENVELOPE);
  const all = Object.keys(webhooks).map((name) => readEvent(document, name, webhooks[name]));
  checkNames(all, schemas);
  checkReferences(all, schemas);
  return {
    version: text(memberObject(document, "info", ROOT), "version", at(ROOT, "info")),
    events: all.filter((event) => event.status !== "legacy"),
    legacy: all.filter((event) => event.status === "legacy").map((event) => event.name),
    envelope,
    schemas,
  };
}
