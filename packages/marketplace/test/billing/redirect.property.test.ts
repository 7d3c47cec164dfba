import fc from "fast-check";
import { expect, test } from "vitest";
import { MarketplaceError, parseBillingRedirect } from "../../src/billing.ts";
import { id, ids, listPairs } from "../encodings.ts";
import { PROPERTY_TIMEOUT_MS } from "../runs.ts";

test(
  "any encoding of the same redirect reads the same",
  () => {
    fc.assert(
      fc.property(id, id, ids, fc.nat(), fc.boolean(), (clientId, companyId, locationIds, choice, both) => {
        const encodings = listPairs("locationId", locationIds);
        const query = new URLSearchParams([
          ["clientId", clientId],
          ["companyId", companyId],
          ...encodings[choice % encodings.length]!,
          ["installType", both ? "agency,location" : "location"],
        ]);
        const redirect = parseBillingRedirect(query);
        expect(redirect.locationIds).toEqual(locationIds);
        expect(redirect.targets).toHaveLength(locationIds.length + (both ? 1 : 0));
        expect(redirect).toMatchObject({ clientId, companyId });
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any query is read or refused with the package's error",
  () => {
    const name = fc.constantFrom("clientId", "installType", "locationId", "companyId", "locationId[]", "x");
    const value = fc.oneof(fc.string(), fc.constantFrom("location", "agency", "agency,location", "[[", "{}", '["a"]'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
        try {
          expect(parseBillingRedirect(new URLSearchParams(pairs)).targets.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(MarketplaceError);
        }
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
