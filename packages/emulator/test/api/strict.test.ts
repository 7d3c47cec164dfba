import { allRoutes } from "@ghl-edge/client/routes";
import { expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import { ask, clockedEmulator, LOCATION } from "../support.ts";

const scopes = [...new Set(allRoutes().flatMap((route) => route.scopes))];
const TENANT = { locationId: LOCATION, location_id: LOCATION, altId: LOCATION, companyId: DEFAULT_COMPANY.id };
const OAUTH = /^\/oauth\//;

/** One value as it stands in a query. */
function queryText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

test("strictness refuses no request that is made from its document", async () => {
  const { emulator } = clockedEmulator({
    checks: "strict",
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [
      { token: "pit-location", resource: { kind: "location", id: LOCATION }, scopes },
      { token: "pit-company", resource: { kind: "company", id: DEFAULT_COMPANY.id }, scopes },
    ],
  });
  let sent = 0;
  for (const { api, module, operationId, method, path, tokens, version } of allRoutes()) {
    if (OAUTH.test(path)) continue;
    const { request, parameters, schemas } = await loadAnswer(api, module, operationId);
    const make = (schema: object, name: string): unknown => {
      const options = { schemas, random: createRandom(`${operationId} ${name}`), hints: TENANT };
      return (
        sample({ type: "object", required: [name], properties: { [name]: schema } }, options) as Record<string, unknown>
      )[name];
    };
    const query = new URLSearchParams();
    for (const { name, in: location, schema } of parameters) {
      const value = location === "query" ? make(schema, name) : undefined;
      for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
        if (one !== undefined) query.append(name, queryText(one));
    }
    const filled = path.replace(
      /\{([^}]+)\}/g,
      (_all, name: string) => (TENANT as Record<string, string>)[name] ?? "x1",
    );
    const token = tokens.includes("C") && !tokens.includes("L") ? "pit-company" : "pit-location";
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      version: version || (api === "v3" ? "v3" : "2021-07-28"),
    };
    let body: string | undefined;
    if (request?.media === "application/json") {
      headers["content-type"] = "application/json";
      body = JSON.stringify(make(request.schema, "body"));
    }
    const response = await ask(emulator, `${filled}?${query}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    // A foreign token and an unknown id are refused for reasons of their own.
    if ([401, 403, 404].includes(response.status)) continue;
    sent += 1;
    expect(response.ok, `${api} ${operationId} ${response.status} ${response.ok ? "" : await response.text()}`).toBe(
      true,
    );
  }
  expect(sent).toBeGreaterThan(900);
});
