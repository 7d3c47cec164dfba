import { allRoutes } from "@ghl-edge/client/routes";
import { loadAnswer } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import { DEFAULT_COMPANY, type Emulator } from "../../src/index.ts";
import { ask, clockedEmulator, LOCATION } from "../support.ts";
import { exampleOf, lacking, type Seen, type SeenShape, treeOf } from "./evidence.ts";

const scopes = [...new Set(allRoutes().flatMap((route) => route.scopes))];

/** An emulator that lets everything be asked. */
export function open(checks: "lenient" | "strict"): Emulator {
  const { emulator } = clockedEmulator({
    checks,
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [
      { token: "pit-location", resource: { kind: "location", id: LOCATION }, scopes },
      { token: "pit-company", resource: { kind: "company", id: DEFAULT_COMPANY.id }, scopes },
    ],
  });
  return emulator;
}

/** A body of the members that were sent, with values that the document's enums and formats allow where it knows the member. */
function bodyLike(shape: SeenShape, sampled: unknown): unknown {
  if (sampled === undefined || lacking({ ...shape, inside: new Map() }, sampled).length > 0) return exampleOf(shape);
  const item = shape.inside.get("[]");
  if (Array.isArray(sampled)) return item === undefined ? [] : [bodyLike(item, sampled[0])];
  if (typeof sampled !== "object" || sampled === null) return sampled;
  const members = sampled as Record<string, unknown>;
  return Object.fromEntries([...shape.inside].map(([name, member]) => [name, bodyLike(member, members[name])]));
}

async function bodyOf({ api, module, operationId, requests }: Seen): Promise<unknown> {
  if (requests === undefined) return {};
  const { request, schemas } = await loadAnswer(api, module, operationId);
  const hints = { locationId: LOCATION, altId: LOCATION };
  const sampled =
    request === undefined ? undefined : sample(request.schema, { schemas, random: createRandom(operationId), hints });
  const body = bodyLike(treeOf(requests.paths), sampled) as Record<string, unknown>;
  // Without `$`, only a part of the body was observed. Then the ids of the location come from the document.
  const named = Object.hasOwn(requests.paths, "$") ? body : { ...body, ...(sampled as object) };
  for (const name of ["locationId", "altId"]) if (name in named) body[name] = LOCATION;
  return body;
}

/** Calls an operation as it was seen to be called. */
export async function call(emulator: Emulator, one: Seen, query = ""): Promise<Response> {
  const { method, path, tokens, version, api, requests } = one;
  const named: Record<string, string> = { locationId: LOCATION, companyId: DEFAULT_COMPANY.id };
  const filled = path.replace(/\{([^}]+)\}/g, (_all, name: string) => named[name] ?? "x1") + query;
  const headers: Record<string, string> = {
    authorization: `Bearer ${tokens.includes("C") && !tokens.includes("L") ? "pit-company" : "pit-location"}`,
    version: version || (api === "v3" ? "v3" : "2021-07-28"),
  };
  const sends = method !== "GET" && (method !== "DELETE" || requests !== undefined);
  if (!sends) return ask(emulator, filled, { method, headers });
  headers["content-type"] = "application/json";
  return ask(emulator, filled, { method, headers, body: JSON.stringify(await bodyOf(one)) });
}
