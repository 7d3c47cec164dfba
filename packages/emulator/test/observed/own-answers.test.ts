import { expect, test } from "vitest";
import { loadAnswer } from "../../src/api/answers.ts";
import { sample } from "../../src/api/sample.ts";
import { createRandom } from "../../src/core/random.ts";
import type { Emulator } from "../../src/index.ts";
import { ask, LOCATION } from "../support.ts";
import { call, open } from "./calls.ts";
import { everythingSeen, lacking, namesSent, type Seen, treeOf } from "./evidence.ts";

const SURENESS = ["recorded", "reported", "claimed"] as const;
const keyOf = ({ api, operationId }: Seen): string => `${api} ${operationId}`;

const everything = everythingSeen();
/** The surest observations of each operation; the others may be of another Version. */
const seen = everything.filter(
  (one) =>
    one.answers !== undefined &&
    !everything.some(
      (other) =>
        keyOf(other) === keyOf(one) &&
        other.answers !== undefined &&
        SURENESS.indexOf(other.sureness) < SURENESS.indexOf(one.sureness),
    ),
);

/** Creates a record with everything that can be set. */
async function createFull(
  emulator: Emulator,
  seen: Seen,
  { module, operationId }: { readonly module: string; readonly operationId: string },
): Promise<Made> {
  const { request, schemas } = await loadAnswer(seen.api, module, operationId);
  const options = { schemas, random: createRandom("full"), hints: { locationId: LOCATION } };
  const body = sample(request!.schema, options) as Made;
  const headers = {
    authorization: "Bearer pit-location",
    version: seen.api === "v3" ? "v3" : "2021-07-28",
    "content-type": "application/json",
  };
  const response = await ask(emulator, `/${module}/`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
  return body;
}

interface Made {
  readonly email: string;
}

/** Records that an answer needs to have all that was seen. Returns the query that requests it. */
const PREPARATIONS: Readonly<Record<string, (emulator: Emulator, seen: Seen) => Promise<string>>> = {
  "get-duplicate-contact": async (emulator, seen) => {
    const { email } = await createFull(emulator, seen, { module: "contacts", operationId: "create-contact" });
    return `?${new URLSearchParams({ locationId: LOCATION, email })}`;
  },
  // A location is there from the start, with what its company has set.
  "get-location": async () => "",
  "search-opportunity": async (emulator, seen) => {
    for (let index = 0; index < 2; index++)
      await createFull(emulator, seen, { module: "opportunities", operationId: "create-opportunity" });
    return `?${seen.api === "v3" ? "locationId" : "location_id"}=${LOCATION}&limit=1`;
  },
};

test.each(seen)("the emulator answers in the shape that was seen: $title", async (one) => {
  const emulator = open("lenient");
  const prepare = PREPARATIONS[one.operationId];
  const query = (await prepare?.(emulator, one)) ?? "";
  const response = await call(emulator, one, query);
  expect(response.ok, `${response.status}`).toBe(true);
  const set = prepare === undefined ? undefined : namesSent(everything, one.module);
  expect(lacking(treeOf(one.answers!.paths), await response.json(), { set })).toEqual([]);
});
