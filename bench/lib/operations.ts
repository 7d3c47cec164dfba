import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Operation } from "../peers/peer.ts";
import { distilled } from "./context.ts";
import { exampleText, type Schema, type Schemas } from "./schema-example.ts";

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface PathItem {
  readonly parameters?: readonly Parameter[];
  readonly [method: string]: unknown;
}

interface Document {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: { readonly schemas?: Schemas };
}

interface RawOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { schema?: Schema }>>;
  };
}

const METHODS = ["get", "put", "post", "delete", "patch"];

/** Every operation of v3 with the smallest arguments that its document asks for. */
export function everyOperation(): Operation[] {
  return distilled("v3").flatMap((file) => {
    const { paths, components } = JSON.parse(readFileSync(file, "utf8")) as Document;
    const schemas = components?.schemas ?? {};
    return Object.entries(paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method] !== undefined).map((method) => {
        const { parameters = [], requestBody } = item[method] as RawOperation;
        const requiredIn = (location: Parameter["in"]): Record<string, string> =>
          Object.fromEntries(
            [...(item.parameters ?? []), ...parameters]
              .filter((parameter) => parameter.in === location && parameter.required === true)
              .map(({ name, schema }) => [name, name === "altType" ? '"location"' : exampleText(schema, schemas)]),
          );
        const media = requestBody === undefined ? undefined : Object.values(requestBody.content)[0];
        return {
          module: basename(file, ".json"),
          method: method.toUpperCase(),
          path,
          pathParameters: requiredIn("path"),
          queryParameters: requiredIn("query"),
          headerParameters: requiredIn("header"),
          body: requestBody?.required === true ? exampleText(media?.schema, schemas) : undefined,
        };
      }),
    );
  });
}
