import { allRoutes } from "@ghl-edge/client/routes";
import { beforeEach, describe, expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { behaviours } from "../../src/api/records/index.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import { ask, installApp, json, LOCATION } from "../support.ts";
import { breaches } from "./breaches.ts";
import { ALL_SCOPES, caller, DATED, type Json } from "./record-caller.ts";

let { emulator, call } = caller("strict");
beforeEach(() => {
  ({ emulator, call } = caller("strict"));
});

describe("strictness", () => {
  test("strictness refuses in HighLevel's words, and notes why", async () => {
    const response = await call("POST", "/contacts/", { body: { firstName: 1, nonsense: true } });
    expect([response.status, await response.json()]).toEqual([
      422,
      {
        statusCode: 422,
        message: ["firstName must be a string", "locationId must be a string", "property nonsense should not exist"],
        error: "Unprocessable Entity",
      },
    ]);
    expect(emulator.log.at(-1)).toMatchObject({
      refused: "validation",
      breaches: [{}, {}, {}].map(() => expect.any(String) as string),
    });
  });

  test("strictness refuses a query in HighLevel's words", async () => {
    const { message } = await json(call("GET", `/opportunities/search?limit=many&sort=up`, { version: DATED }));
    expect(message).toEqual([
      "limit must be a number conforming to the specified constraints",
      "location_id must be a string",
      "property sort should not exist",
    ]);
  });

  test("strictness refuses a malformed body in HighLevel's words", async () => {
    const init = {
      method: "POST",
      headers: { authorization: `Bearer pit-${LOCATION}`, version: "v3", "content-type": "application/json" },
    };
    expect((await ask(emulator, "/contacts/", { ...init, body: "{" })).status).toBe(400);
    expect((await ask(emulator, "/contacts/", init)).status).toBe(422);
  });

  test("a lenient emulator accepts a wrong request and notes its faults", async () => {
    ({ emulator, call } = caller("lenient"));
    expect((await call("POST", "/contacts/", { body: { firstName: 1 } })).status).toBe(201);
    expect(emulator.log.at(-1)?.breaches).toEqual(["firstName must be a string", "locationId must be a string"]);
    expect(emulator.log.at(-1)?.refused).toBeUndefined();
  });
});

test("every answer of a record is one the document allows, in both generations", async () => {
  ({ emulator, call } = caller("lenient"));
  const routes = allRoutes().filter(({ module, operationId }) => behaviours[module]?.[operationId] !== undefined);
  const known = Object.values(behaviours).flatMap((operations) => Object.keys(operations));
  expect(new Set(routes.map(({ operationId }) => operationId))).toEqual(new Set(known));
  // A record that others belong to is made first and deleted last.
  const rank: Record<string, number> = { POST: 0, GET: 1, PUT: 2, PATCH: 2, DELETE: 3 };
  const ids = new Map<string, string>();
  const scope = ALL_SCOPES.join(" ");
  const company = await installApp(emulator, { companyId: DEFAULT_COMPANY.id, scope });
  const location = await installApp(emulator, { locationId: LOCATION, scope });
  /** A token the route takes: a private one where it takes those, the company's for a location as a whole. */
  const tokenFor = ({ tokens, path }: (typeof routes)[number]): string => {
    const isWhole = /\/locations\/(\{locationId\})?$/.test(path) && tokens.includes("c");
    if (!isWhole && tokens.includes("L")) return `pit-${LOCATION}`;
    return !isWhole && tokens.includes("l") ? location.access_token : company.access_token;
  };
  let remembered = 0;
  for (const route of routes.toSorted(
    (a, b) => rank[a.method]! - rank[b.method]! || (a.method === "DELETE" ? -1 : 1) * (a.path.length - b.path.length),
  )) {
    const { api, module, operationId, method, path, version } = route;
    const { schema, schemas, request } = await loadAnswer(api, module, operationId);
    const random = createRandom(operationId);
    const body =
      request && sample(request.schema, { schemas, random, hints: { locationId: LOCATION, altId: LOCATION } });
    // The id of what an earlier call has created in this folder, whatever the parameter's name.
    const filled = path.replace(/\{[^}]+\}/g, (name, at: number) => {
      if (name === "{locationId}" && !path.endsWith(name)) return LOCATION;
      return ids.get(`${api} ${path.slice(0, at)}`) ?? name.slice(1, -1);
    });
    const response = await call(method, filled, { body, version: version || DATED, token: tokenFor(route) });
    expect(response.ok, `${api} ${method} ${filled} ${response.status}`).toBe(true);
    const answer = (await response.json()) as Json;
    // The documents of invoices call what is in lists a text: items, estimates, payments.
    const found = schema === undefined ? [] : breaches(schema, answer, { schemas });
    const isDefect = (one: string) => module === "invoices" && one.endsWith("]: object, not string");
    expect(
      found.filter((one) => !isDefect(one)),
      `${api} ${operationId}`,
    ).toEqual([]);
    const record = [answer, ...Object.values(answer)].find(
      (one): one is Json => typeof one === "object" && one !== null && ("id" in one || "_id" in one),
    );
    const id = record?.id ?? record?._id;
    if (method !== "POST" || typeof id !== "string") continue;
    remembered += 1;
    ids.set(`${api} ${path.endsWith("/") ? path : `${path}/`}`, id);
  }
  expect(remembered).toBeGreaterThan(40);
});
