import fc from "fast-check";
import { expect, test } from "vitest";
import { type LocationSelection, MarketplaceError, parseExternalAuth } from "../../src/external-auth.ts";
import { id, ids, listPairs, listValues, nothingPairs } from "../encodings.ts";
import { PROPERTY_TIMEOUT_MS } from "../runs.ts";

const selection: fc.Arbitrary<LocationSelection> = fc.oneof(
  fc.record({ kind: fc.constant("locations" as const), locationIds: ids }),
  fc.constant({ kind: "all" as const }),
  fc.record({ kind: fc.constant("all-except" as const), excludedLocationIds: ids }),
);
const choose = <T>(from: readonly T[], choice: number): T => from[choice % from.length]!;

const all = (expected: LocationSelection) => expected.kind === "all" || expected.kind === "all-except";
const located = (expected: LocationSelection) => (expected.kind === "locations" ? expected.locationIds : undefined);
const excluded = (expected: LocationSelection) =>
  expected.kind === "all-except" ? expected.excludedLocationIds : undefined;

test(
  "any text encoding of the same scenario reads the same",
  () => {
    const choices = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(selection, id, fc.string({ minLength: 1 }), choices, (expected, companyId, apiKey, [a, b, c, d]) => {
        const list = (name: string, value: readonly string[] | undefined, choice: number) =>
          choose(value === undefined ? nothingPairs(name) : listPairs(name, value), choice);
        const flags = all(expected) ? ["true", "True", "1", " true "] : ["false", "FALSE", "0", "null", ""];
        const form = new URLSearchParams([
          ...list("excludedLocations", excluded(expected), a!),
          ["apiKey", apiKey],
          ["companyId", companyId],
          ...list("locationId", located(expected), b!),
          ["approveAllLocations", choose(flags, c!)],
        ]);
        const parts = d! % 2 === 0 ? { query: form } : { body: form.toString(), contentType: choose(["", null], d!) };
        expect(parseExternalAuth(parts)).toEqual({ companyId, selection: expected, fields: { apiKey } });
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any JSON encoding of the same scenario reads the same",
  () => {
    const nothings = [null, undefined, "", "null", []];
    fc.assert(
      fc.property(selection, fc.option(id), fc.nat(), fc.nat(), fc.nat(), (expected, company, a, b, c) => {
        const companyId = all(expected) ? (company ?? "c1") : company;
        const list = (value: readonly string[] | undefined, choice: number): unknown =>
          choose<unknown>(value === undefined ? nothings : listValues(value), choice);
        const body = JSON.stringify({
          companyId: companyId ?? choose([null, undefined, "", "null"], a),
          locationId: list(located(expected), a),
          excludedLocations: list(excluded(expected), b),
          approveAllLocations: choose<unknown>(all(expected) ? [true, "true", 1, "1"] : [false, "false", null, 0], c),
        });
        expect(parseExternalAuth({ body })).toEqual({
          ...(companyId === null ? {} : { companyId }),
          selection: expected,
          fields: {},
        });
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any body is read or refused with the package's error",
  () => {
    const name = fc.constantFrom("companyId", "locationId", "excludedLocations", "approveAllLocations", "apiKey");
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(name, fc.jsonValue()).map((value) => JSON.stringify(value)),
      fc.array(fc.tuple(name, fc.string())).map((pairs) => new URLSearchParams(pairs).toString()),
    );
    fc.assert(
      fc.property(
        body,
        fc.constantFrom("application/json", "application/x-www-form-urlencoded", ""),
        (text, contentType) => {
          try {
            const { selection: found, companyId } = parseExternalAuth({ body: text, contentType });
            expect(all(found) ? companyId : "any").toBeTruthy();
          } catch (error) {
            expect(error).toBeInstanceOf(MarketplaceError);
          }
        },
      ),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
