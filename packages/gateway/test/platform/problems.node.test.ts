import { describe, expect, it } from "vitest";
import { problemDetails, problemResponse } from "../../src/platform/errors.ts";
import { codeOf, PROBLEMS, type ProblemKind } from "../../src/platform/problems.ts";

describe("every refusal", () => {
  it.each(Object.keys(PROBLEMS) as ProblemKind[])(
    "%s has a title without a stop, and cause and remedy in sentences",
    (kind) => {
      const { status, title, cause, remedy } = PROBLEMS[kind];
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      for (const text of [cause, remedy]) expect(text).toMatch(/^[A-Z].*\.$/);
    },
  );

  it("every refusal says in its detail what was wrong and what to do, and links to its entry", () => {
    expect(problemDetails({ kind: "uninstall_refused", answerStatus: 500 }, "r1")).toMatchObject({
      code: codeOf("uninstall_refused"),
      type: expect.stringMatching(/\/docs\/errors\.md#err_ghl_gateway_uninstall_refused$/) as string,
      detail: "HighLevel answered with status 500. The tokens are kept: try again, or without atHighLevel.",
    });
    expect(problemDetails({ kind: "install_superseded" }, "r2").detail).toMatch(/^Nothing was stored\. /);
    expect(problemDetails({ kind: "webhook_unreadable" }, "r3").detail).toContain("at most 64 levels");
    expect(problemDetails({ kind: "input_invalid", problem: "app must be set" }, "r4").detail).toBe("app must be set.");
  });

  it("every refusal that ends by itself says when to come back, at least a second later", () => {
    const { headers } = problemResponse({ kind: "too_many_requests", retryAfterMs: 1 }, "r5");
    expect(headers.get("retry-after")).toBe("1");
    expect(problemResponse({ kind: "config" }, "r6").headers.get("retry-after")).toBe("60");
  });
});
