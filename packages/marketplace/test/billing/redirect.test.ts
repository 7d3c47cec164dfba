import { describe, expect, test } from "vitest";
import { BillingRedirectError, parseBillingRedirect } from "../../src/billing.ts";

const BASE = "https://you.example/billing?clientId=app-1";

describe("a billing redirect", () => {
  test("a billing redirect of one location has that location as its only target", () => {
    expect(parseBillingRedirect(`${BASE}&installType=location&locationId=l1`)).toEqual({
      clientId: "app-1",
      installType: "location",
      locationIds: ["l1"],
      targets: [{ authType: "location", locationId: "l1" }],
    });
  });

  test("a billing redirect of an agency ignores a location in the same URL", () => {
    expect(parseBillingRedirect(`${BASE}&installType=agency&companyId=c1&locationId=l1`)).toEqual({
      clientId: "app-1",
      installType: "agency",
      companyId: "c1",
      locationIds: [],
      targets: [{ authType: "company", companyId: "c1" }],
    });
  });

  test.each(["agency,location", "location,agency", "Agency%2CLocation", "agency&installType=location"])(
    "a billing redirect of both (%s) has the company first",
    (type) => {
      const { installType, targets } = parseBillingRedirect(
        `${BASE}&installType=${type}&companyId=c1&locationId=l1,l2,l1`,
      );
      expect(installType).toBe("agency,location");
      expect(targets).toEqual([
        { authType: "company", companyId: "c1" },
        { authType: "location", locationId: "l1" },
        { authType: "location", locationId: "l2" },
      ]);
    },
  );

  test("a billing redirect of locations has the named company but no target for it", () => {
    const { companyId, targets } = parseBillingRedirect(`${BASE}&installType=location&companyId=c1&locationId=l1`);
    expect(companyId).toBe("c1");
    expect(targets).toEqual([{ authType: "location", locationId: "l1" }]);
  });

  test("a billing redirect is read from a URL, its query, a request and Node's path", () => {
    const url = `${BASE}&installType=location&locationId=l1`;
    const expected = parseBillingRedirect(url);
    expect(parseBillingRedirect(new URL(url))).toEqual(expected);
    expect(parseBillingRedirect(new URL(url).searchParams)).toEqual(expected);
    expect(parseBillingRedirect(new Request(url))).toEqual(expected);
    expect(parseBillingRedirect({ url: "/billing?clientId=app-1&installType=location&locationId=l1" })).toEqual(
      expected,
    );
  });

  test.each([
    ["clientId", "https://you.example/?installType=location&locationId=l1"],
    ["clientId", "https://you.example/?clientId=null&installType=location&locationId=l1"],
    ["clientId", `${BASE}&clientId=app-2&installType=location&locationId=l1`],
    ["installType", `${BASE}&locationId=l1`],
    ["installType", `${BASE}&installType=company&locationId=l1`],
    ["installType", `${BASE}&installType=agency,other&companyId=c1`],
    ["locationId", `${BASE}&installType=location&locationId=`],
    ["locationId", `${BASE}&installType=agency,location&companyId=c1`],
    ["companyId", `${BASE}&installType=agency`],
    ["companyId", `${BASE}&installType=agency&companyId=c1&companyId=c2`],
  ])("a billing redirect is refused for its %s: %s", (parameter, url) => {
    expect(() => parseBillingRedirect(url)).toThrow(
      expect.objectContaining({ code: "ERR_GHL_BILLING_REDIRECT", parameter }),
    );
  });

  test("a billing redirect for another app is refused", () => {
    const url = `${BASE}&installType=location&locationId=l1`;
    expect(parseBillingRedirect(url, { clientId: "app-1" }).clientId).toBe("app-1");
    expect(() => parseBillingRedirect(url, { clientId: "app-2" })).toThrow(BillingRedirectError);
  });

  test("a billing redirect that is not a URL is refused", () => {
    expect(() => parseBillingRedirect("http://[")).toThrow(BillingRedirectError);
  });
});
