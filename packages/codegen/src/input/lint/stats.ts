import { arrayAt, isObject } from "../../json/json.ts";
import { walkSchemas } from "../../json/walk.ts";
import type { UpstreamDocuments } from "../load/documents.ts";
import type { Api } from "../load/modules.ts";

/** Schema keywords whose use is worth knowing, though it is no defect. */
const KEYWORDS = [
  "additionalProperties",
  "allOf",
  "anyOf",
  "deprecated",
  "examples",
  "maxLength",
  "maximum",
  "minLength",
  "minimum",
  "oneOf",
  "pattern",
  "readOnly",
  "title",
];

/** Usage counts by `uses:<keyword>` and `server:<address>`. */
export type Stats = ReadonlyMap<string, Readonly<Record<Api, number>>>;

export function collectStats({ documents }: UpstreamDocuments): Stats {
  const stats = new Map<string, Record<Api, number>>();
  const add = (name: string, api: Api): void => {
    const row = stats.get(name) ?? { v2: 0, v3: 0 };
    row[api] += 1;
    stats.set(name, row);
  };
  for (const { api, document } of documents) {
    for (const server of arrayAt(document.servers)) if (isObject(server)) add(`server:${server.url}`, api);
    walkSchemas(document, (schema) => {
      for (const keyword of KEYWORDS) if (schema[keyword] !== undefined) add(`uses:${keyword}`, api);
    });
  }
  return new Map([...stats].sort(([a], [b]) => (a < b ? -1 : 1)));
}
