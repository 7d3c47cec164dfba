import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import type { AdminAction } from "../../services/administration/action.ts";
import { adminActions, adminSchemas } from "../../services/administration/actions/actions.ts";
import { partsOf } from "./read-input.ts";

const REF = "#/components/schemas/";

const CONVERSION: ConversionConfig = {
  target: "draft-2020-12",
  typeMode: "input",
  definitions: adminSchemas,
  // Such checks have no JSON Schema. The description of the field says what they require.
  ignoreActions: ["check", "raw_check"],
  overrideRef: ({ referenceId }) => REF + referenceId,
  // Schemas of free JSON have their type in their metadata.
  overrideSchema: ({ valibotSchema }) => (valibotSchema.type === "custom" ? {} : undefined),
};

/** The names of all schemas are in the document, so each schema is converted without the others. */
function jsonSchemaOf(schema: v.GenericSchema, isComponent = false): JsonSchema {
  const named = Object.entries(adminSchemas).find(([, one]) => one === schema);
  if (named !== undefined && !isComponent) return { $ref: REF + named[0] };
  const definitions = Object.fromEntries(Object.entries(adminSchemas).filter(([, one]) => one !== schema));
  const { $schema: _schema, $defs: _defs, ...json } = toJsonSchema(schema, { ...CONVERSION, definitions });
  return json;
}

const problem = {
  type: "object",
  description: "Problem details as in RFC 9457.",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    message: { type: "string", description: "The title, which HighLevel's clients read from this field." },
    status: { type: "integer" },
    code: { type: "string", description: "Stable code of the problem, for programs to decide by." },
    detail: { type: "string" },
    requestId: { type: "string" },
  },
  required: ["type", "title", "message", "status", "code", "requestId"],
};

const entriesOf = ({ input }: AdminAction, names: readonly string[]): v.ObjectEntries =>
  Object.fromEntries(names.map((name) => [name, input.entries[name]!]));

const bodyOf = (action: AdminAction): v.GenericSchema => v.strictObject(entriesOf(action, partsOf(action).body));

function parametersOf(action: AdminAction): readonly object[] {
  const { path, query } = partsOf(action);
  const parameter = (location: "path" | "query") => (name: string) => {
    const { properties = {}, required = [] } = jsonSchemaOf(v.strictObject(entriesOf(action, [name])));
    const { description, ...schema } = properties[name] as JsonSchema;
    const isRequired = location === "path" || required.includes(name);
    return { name, in: location, required: isRequired, ...(description === undefined ? {} : { description }), schema };
  };
  return [...path.map(parameter("path")), ...query.map(parameter("query"))];
}

const json = (schema: object, type = "application/json") => ({ content: { [type]: { schema } } });

function operationOf(name: string, action: AdminAction): object {
  const { tag, summary, role, http, output } = action;
  const { status = 200, body } = http;
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `Requires the role ${role}.`,
    parameters: parametersOf(action),
    ...(body === undefined ? {} : { requestBody: { required: true, ...json({ $ref: REF + body }) } }),
    responses: {
      [status]: { description: "The action succeeded.", ...(status === 204 ? {} : json(jsonSchemaOf(output))) },
      default: {
        description: "The action was refused or failed.",
        ...json({ $ref: `${REF}Problem` }, "application/problem+json"),
      },
    },
  };
}

/** The OpenAPI document of the admin API, made from the table of actions. */
export function openApiDocument() {
  const actions = Object.entries<AdminAction>(adminActions);
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Record<string, object> = {};
  for (const [name, schema] of Object.entries(adminSchemas)) schemas[name] = jsonSchemaOf(schema, true);
  for (const [name, action] of actions) {
    const { path, method, body } = action.http;
    paths[path] = { ...paths[path], [method]: operationOf(name, action) };
    if (body !== undefined) schemas[body] = jsonSchemaOf(bodyOf(action));
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "ghl-edge gateway admin",
      version: "1",
      description: "Admin API of the gateway. Unofficial: not made, endorsed or supported by HighLevel.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ adminKey: [] }, { access: [] }],
    paths,
    components: {
      schemas: { ...schemas, Problem: problem },
      securitySchemes: {
        adminKey: { type: "http", scheme: "bearer", description: "An admin key whose hash is in ADMIN_KEYS." },
        access: {
          type: "apiKey",
          in: "header",
          name: "Cf-Access-Jwt-Assertion",
          description: "Token that Cloudflare Access adds to the request.",
        },
      },
    },
  };
}
