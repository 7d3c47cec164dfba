import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";

/** Servers by address alone; a variable has its default value, which every variable must have (OpenAPI 3.1, section 4.8.6). */
export function distilServers(servers: Json | undefined): JsonObject[] {
  return arrayAt(servers)
    .filter(isObject)
    .map(({ url, variables }) => ({
      url: String(url ?? "/").replaceAll(/\{([^{}]*)\}/g, (text, name: string) => {
        const preset = objectAt(objectAt(variables)[name]).default;
        return preset === undefined ? text : String(preset);
      }),
    }));
}
