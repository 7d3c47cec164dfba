import type { GrantState } from "@ghl-edge/oauth";
import { describe, expect, test } from "vitest";
import { reportOf } from "../../src/directory/installation-report.ts";

const grant = (status: GrantState["status"], more: Partial<GrantState> = {}): GrantState => ({
  version: 1,
  renewal: "refreshable",
  status,
  epoch: 1,
  ...more,
});
const announced = { installedAtMs: 1 };
const pit = { createdAtMs: 0, remindAtMs: 1, rotateAtMs: 2, due: false };
const pending = { obtainedAtMs: 1, companyId: "h", scopes: ["contacts.readonly"] };
interface OtherTokens {
  readonly privateIntegration?: typeof pit;
  readonly pendingApproval?: typeof pending;
}
const status = (own?: GrantState, derived?: GrantState, others: OtherTokens = {}) => ({
  grant: own,
  derived,
  privateIntegration: others.privateIntegration,
  pendingApproval: others.pendingApproval,
  unreadable: [],
});

describe("the state of an installation", () => {
  test("an installation that is pending shows its company and scopes, but an active grant shows its own", () => {
    const { scopes } = pending;
    expect(reportOf(status(undefined, undefined, { pendingApproval: pending }))).toEqual({
      state: "pending",
      companyId: "h",
      scopes,
    });
    expect(reportOf(status(grant("active"), undefined, { pendingApproval: pending }))?.scopes).toBeUndefined();
  });

  test.each([
    ["nothing known", status(), undefined],
    ["a grant that was only created", status(grant("pending", { epoch: 0 })), undefined],
    ["a token", status(grant("active")), "active"],
    ["a token under renewal", status(grant("refreshing")), "active"],
    ["no token of its own, one of the company's", status(grant("pending", announced), grant("active")), "active"],
    ["its own dead, the company's alive", status(grant("reauth_required"), grant("active")), "active"],
    [
      "uninstalled, but with a private integration",
      status(grant("uninstalled"), undefined, { privateIntegration: pit }),
      "active",
    ],
    ["announced, without a token", status(grant("pending", announced), grant("pending", announced)), "pending"],
    ["announced again after its end", status(grant("uninstalled"), grant("pending", announced)), "pending"],
    ["ended", status(grant("uninstalled"), grant("uninstalled")), "uninstalled"],
    ["dead", status(grant("reauth_required")), "reauth_required"],
    ["paused", status(grant("suspended")), "suspended"],
    [
      "refused by its configuration",
      status(grant("active", { problem: { code: "c", atMs: 1, configurationId: "x" } })),
      "misconfigured",
    ],
    [
      "nothing but tokens that wait for approval",
      status(undefined, undefined, { pendingApproval: pending }),
      "pending",
    ],
    [
      "ended, and tokens that wait for approval",
      status(grant("uninstalled"), undefined, { pendingApproval: pending }),
      "pending",
    ],
    [
      "paused, and tokens that wait for approval",
      status(grant("suspended"), undefined, { pendingApproval: pending }),
      "pending",
    ],
    [
      "a token, and others that wait for approval",
      status(grant("active"), undefined, { pendingApproval: pending }),
      "active",
    ],
  ])("the state of an installation follows from %s", (_what, from, state) => {
    expect(reportOf(from)?.state).toBe(state);
  });

  test("an installation whose secrets cannot be opened must be authorized again", () => {
    const unreadable = ["private"] as const;
    expect(reportOf({ ...status(grant("uninstalled")), unreadable })?.state).toBe("reauth_required");
    expect(reportOf({ ...status(), unreadable })?.state).toBe("reauth_required");
    expect(reportOf({ ...status(grant("active")), unreadable })?.state).toBe("active");
  });

  test("the problem of a mint that stood in is none while the location's own grant works", () => {
    const problem = { code: "ERR_GHL_SCOPE", atMs: 1, configurationId: "x" };
    const derived = grant("active", { renewal: "derived", problem });
    const current = { tokenId: "r1", obtainedAtMs: 0, expiresAtMs: 9, refreshAheadAtMs: 8, cause: "due" } as const;
    expect(reportOf(status(grant("active", { current }), derived))?.problem).toBeUndefined();
    const refused = grant("active", {
      current,
      problem: { code: "ERR_GHL_INVALID_CLIENT", atMs: 2, configurationId: "x" },
    });
    expect(reportOf(status(refused, derived))?.problem?.code).toBe("ERR_GHL_INVALID_CLIENT");
    expect(reportOf(status(grant("uninstalled"), derived))?.problem?.code).toBe("ERR_GHL_SCOPE");
  });

  test("a private integration token that is refused is a problem where no grant serves", () => {
    const privateRefusal = { code: "ERR_GHL_ACCESS_TOKEN_INVALID", atMs: 3 };
    const dead = grant("reauth_required", { problem: { code: "ERR_GHL_INVALID_GRANT", atMs: 1 } });
    expect(reportOf({ ...status(dead, undefined, { privateIntegration: pit }), privateRefusal })).toMatchObject({
      state: "active",
      problem: privateRefusal,
    });
    expect(
      reportOf({ ...status(grant("active"), undefined, { privateIntegration: pit }), privateRefusal })?.problem,
    ).toBeUndefined();
    expect(
      reportOf({ ...status(dead, grant("active"), { privateIntegration: pit }), privateRefusal })?.problem?.atMs,
    ).not.toBe(3);
  });

  test("the state of an installation names the company, by whichever grant knows it", () => {
    expect(reportOf(status(grant("active"), grant("active", { companyId: "c" })))?.companyId).toBe("c");
  });
});
