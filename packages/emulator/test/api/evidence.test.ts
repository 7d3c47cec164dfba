import { existsSync, readdirSync, readFileSync } from "node:fs";
import { allRoutes } from "@ghl-edge/client/routes";
import { describe, expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import { ask, clockedEmulator, installApp, LOCATION } from "../support.ts";

type Kinds = Readonly<Record<string, number>>;
type Paths = Readonly<Record<string, Kinds>>;

interface Observation {
  readonly operation: string;
  readonly sureness: string;
  readonly query?: readonly string[];
  readonly requests?: { readonly paths?: Paths };
}

const folder = new URL("../../../../openapi/evidence/", import.meta.url);
// Observations of events are deliveries by HighLevel, not requests to it.
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name !== "events.json") : [];
const observations = names.flatMap((name) => {
  const file = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as { observations?: Observation[] };
  return file.observations ?? [];
});

const pathsOf = ({ requests }: Observation): Paths => requests?.paths ?? {};

/** A value of a kind that was seen. `hint`: what the document would have there, where it is of that kind. */
function kindValue(kind: string, hint: unknown): unknown {
  if (kind.startsWith("string")) {
    if (typeof hint === "string") return hint;
    return kind.includes("date") ? "2026-12-01T10:00:00Z" : "text";
  }
  if (kind.startsWith("number")) return typeof hint === "number" ? hint : 1;
  if (kind.startsWith("boolean")) return typeof hint === "boolean" ? hint : true;
  if (kind.startsWith("array")) return [];
  return kind.startsWith("null") ? null : {};
}

/** A body with the members that were seen, and no others. */
function bodyOf(paths: Paths, path: string, hint: unknown): unknown {
  const kinds = Object.keys(paths[path] ?? { object: 1 });
  const [kind = "object"] = kinds;
  if (kind.startsWith("array")) {
    const items = Object.keys(paths[`${path}[]`] ?? {});
    const [first] = Array.isArray(hint) ? (hint as unknown[]) : [];
    if (items[0]?.startsWith("object")) return [bodyOf(paths, `${path}[]`, first)];
    return items.map((item) => kindValue(item, first));
  }
  if (!kind.startsWith("object")) return kindValue(kind, hint);
  const names = Object.keys(paths).flatMap((one) => {
    const rest = one.startsWith(`${path}.`) ? one.slice(path.length + 1) : "";
    return rest === "" || /[.[]/.test(rest) ? [] : [rest];
  });
  const known = Object(hint) as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, bodyOf(paths, `${path}.${name}`, known[name])]));
}

const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
const twins = (operation: string) => {
  const [method, path] = operation.split(" ");
  return allRoutes().filter((route) => route.method === method && route.path === path);
};

const sent = observations.filter((one) => Object.keys(pathsOf(one)).length > 0 || (one.query ?? []).length > 0);

describe("strict checks refuse no request that was seen to be taken", () => {
  test("bodies of more than twenty operations were seen, where the evidence is", () => {
    const bodies = sent.filter((one) => Object.keys(pathsOf(one)).length > 0);
    expect(bodies.length > 20 || !existsSync(folder)).toBe(true);
  });

  test.each(sent.map((one) => [one.operation, one.sureness, one] as const))(
    "%s (%s)",
    async (operation, _sure, observation) => {
      const routes = twins(operation);
      expect(routes.length).toBeGreaterThan(0);
      for (const { api, module, operationId, version, method, path, tokens } of routes) {
        const { emulator } = clockedEmulator({ checks: "strict" });
        const scope = ALL_SCOPES.join(" ");
        const choice = /[lL]/.test(tokens) ? { locationId: LOCATION, scope } : { companyId: DEFAULT_COMPANY.id, scope };
        const { access_token } = await installApp(emulator, choice);
        const { request, schemas, parameters } = await loadAnswer(api, module, operationId);
        const options = { schemas, random: createRandom(operation), hints: { locationId: LOCATION, altId: LOCATION } };
        const hint = request && sample(request.schema, options);
        const paths = pathsOf(observation);
        const seen = bodyOf(paths, "$", hint);
        // Where the body itself is absent, only some members were noted. The document has the others.
        const body = Object.hasOwn(paths, "$") ? seen : { ...Object(hint), ...Object(seen) };
        const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === "locationId" ? LOCATION : "x1"));
        const query = new URLSearchParams();
        for (const name of observation.query ?? []) {
          const parameter = parameters.find((one) => one.name === name);
          const value = parameter && sample({ type: "object", properties: { [name]: parameter.schema } }, options);
          query.set(name, String((value as Record<string, unknown> | undefined)?.[name] ?? LOCATION));
        }
        const response = await ask(emulator, `${filled}?${query}`, {
          method,
          headers: {
            authorization: `Bearer ${access_token}`,
            version: version || "2021-07-28",
            ...(Object.keys(paths).length > 0 ? { "content-type": "application/json" } : {}),
          },
          ...(Object.keys(paths).length > 0 ? { body: JSON.stringify(body) } : {}),
        });
        const breaches = emulator.log.at(-1)?.breaches ?? [];
        // A query that was seen need not have been the whole of it: the observations hold names alone.
        expect(
          Object.keys(paths).length > 0 ? breaches : breaches.filter((one) => one.endsWith("should not exist")),
          api,
        ).toEqual([]);
        expect([400, 401, 403], api).not.toContain(response.status);
      }
    },
  );
});
