import { expect, test } from "vitest";
import { errorReferenceUrl, problemResponse } from "../../src/index.ts";

test("a problem has the URL of its code's entry as its type, and the members of the caller", async () => {
  const fields = { code: "ERR_GHL_X", title: "The body is too large", status: 413, parameter: "body" };
  const response = problemResponse(fields);
  expect(await response.json()).toEqual({ type: errorReferenceUrl("ERR_GHL_X"), ...fields });
  expect(response.status).toBe(413);
  expect(Object.fromEntries(response.headers)).toEqual({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
});

test("a problem carries the headers of the caller", () => {
  const { headers } = problemResponse({ code: "ERR_GHL_X", title: "No", status: 405 }, { allow: "POST" });
  expect([headers.get("allow"), headers.get("cache-control")]).toEqual(["POST", "no-store"]);
});
