import type { JsonObject } from "../../json/json.ts";
import { EVIDENCE_FORMAT, type Observation, type Traffic } from "./evidence.ts";
import { pathsOf } from "./shape/shape.ts";

/**
 * Prints an evidence file: the observations in the order given, one path a line. The same observations give the same bytes.
 *
 * @param observations - The observations
 * @returns The text of the file
 * @example
 * ```ts
 * import { parseEvidence, printEvidence } from "@ghl-edge/codegen";
 *
 * const text = printEvidence(parseEvidence({ format: 1, observations: [] }, "contacts.json"));
 * ```
 */
export function printEvidence(observations: readonly Observation[]): string {
  const blocks = observations.map((observation) => `  ${printObservation(observation)}`);
  return `{\n "format": ${EVIDENCE_FORMAT},\n "observations": [\n${blocks.join(",\n")}\n ]\n}\n`;
}

function printObservation(observation: Observation): string {
  const { operation, sources, sureness, date, version, status, answers, requests, query } = observation;
  const members: [string, string][] = [
    ["operation", JSON.stringify(operation)],
    ["sources", JSON.stringify(sources)],
    ["sureness", JSON.stringify(sureness)],
  ];
  if (date !== undefined) members.push(["date", JSON.stringify(date)]);
  if (version !== undefined) members.push(["version", JSON.stringify(version)]);
  if (status.length > 0) members.push(["status", JSON.stringify(status)]);
  if (answers !== undefined) members.push(["answers", printTraffic(answers)]);
  if (requests !== undefined) members.push(["requests", printTraffic(requests)]);
  if (query.length > 0) members.push(["query", JSON.stringify(query)]);
  return `{\n${members.map(([key, text]) => `   ${JSON.stringify(key)}: ${text}`).join(",\n")}\n  }`;
}

function printTraffic({ count, shape }: Traffic): string {
  const paths = Object.entries(pathsOf(shape)).map(
    ([path, kinds]) => `     ${JSON.stringify(path)}: ${JSON.stringify(kinds as JsonObject)}`,
  );
  return `{\n    "count": ${count},\n    "paths": {\n${paths.join(",\n")}\n    }\n   }`;
}
