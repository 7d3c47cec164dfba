import { parameters } from "./parameters.ts";
import type { AdminRoute } from "./route.ts";
import { adminRoutes } from "./routes.ts";
import { ref } from "./schema-parts.ts";
import { schemas } from "./schemas.ts";

const json = (schema: string, type = "application/json") => ({ content: { [type]: { schema: ref(schema) } } });

function operationOf({ path, operationId, tag, summary, role, query = [], body, status, answer }: AdminRoute): object {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "kind" ? parameters.kind.schema : { type: "string" },
  }));
  return {
    operationId,
    tags: [tag],
    summary,
    description: `Takes the role ${role}.`,
    parameters: [...inPath, ...query.map((name) => parameters[name])],
    ...(body === undefined ? {} : { requestBody: { required: true, ...json(body) } }),
    responses: {
      [status]: { description: "Done.", ...(answer === undefined ? {} : json(answer)) },
      default: { description: "Refused, or failed.", ...json("Problem", "application/problem+json") },
    },
  };
}

/** The document of the admin API, made from the same rows as its routes. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of adminRoutes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return {
    openapi: "3.1.0",
    info: {
      title: "ghl-edge gateway admin",
      version: "1",
      description: "What operators of the gateway manage. Unofficial: not made, endorsed or supported by HighLevel.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ adminKey: [] }, { access: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        adminKey: { type: "http", scheme: "bearer", description: "One of ADMIN_KEYS." },
        access: {
          type: "apiKey",
          in: "header",
          name: "Cf-Access-Jwt-Assertion",
          description: "Put on by Cloudflare Access.",
        },
      },
    },
  };
}
