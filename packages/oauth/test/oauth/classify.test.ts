import fc from "fast-check";
import { expect, test } from "vitest";
import { type AnswerCode, type AnswerKind, classifyAnswer } from "../../src/index.ts";
import { PROPERTY_TIMEOUT_MS } from "../property/runs.ts";

type Row = readonly [status: number, body: unknown, kind: AnswerKind, code: AnswerCode];

/** Every error body that HighLevel's documents name or that was recorded, and the shapes around them. */
const rows: readonly Row[] = [
  [
    400,
    { statusCode: 400, message: "Invalid grant: refresh token is invalid" },
    "reauth_required",
    "ERR_GHL_INVALID_GRANT",
  ],
  [
    401,
    { error: "invalid_grant", error_description: "The provided grant is wrong" },
    "reauth_required",
    "ERR_GHL_INVALID_GRANT",
  ],
  [
    401,
    { error: "UnAuthorized!", error_description: "Authorization code not found" },
    "reauth_required",
    "ERR_GHL_CODE_NOT_FOUND",
  ],
  [400, { statusCode: 400, message: "Location is not active" }, "suspended", "ERR_GHL_LOCATION_NOT_ACTIVE"],
  [401, { message: "Location is not active" }, "suspended", "ERR_GHL_LOCATION_NOT_ACTIVE"],
  [400, { statusCode: 400, message: "Missing parameter: clientId" }, "configuration", "ERR_GHL_MISSING_PARAMETER"],
  [400, { statusCode: 400, message: "Invalid parameter: grantType" }, "configuration", "ERR_GHL_INVALID_PARAMETER"],
  [401, { error: "invalid_client" }, "configuration", "ERR_GHL_INVALID_CLIENT"],
  [401, { message: "Invalid client credentials!" }, "configuration", "ERR_GHL_INVALID_CLIENT"],
  [
    422,
    { statusCode: 422, message: ["companyId must be a string"], error: "Unprocessable Entity" },
    "configuration",
    "ERR_GHL_VALIDATION",
  ],
  [
    400,
    { message: "API endpoint has been removed", error: "Bad Request", statusCode: 400 },
    "configuration",
    "ERR_GHL_ENDPOINT",
  ],
  [404, { message: "Cannot POST /oauth/location-token" }, "configuration", "ERR_GHL_ENDPOINT"],
  [
    400,
    { message: "POST /oauth/locationToken is not available in API version v3" },
    "configuration",
    "ERR_GHL_ENDPOINT",
  ],
  [404, { statusCode: 404, message: "Location not found" }, "configuration", "ERR_GHL_NOT_FOUND"],
  [405, { statusCode: 405, message: "Method Not Allowed" }, "configuration", "ERR_GHL_NOT_FOUND"],
  [401, { message: "version header was not found." }, "not_expiry", "ERR_GHL_VERSION_HEADER"],
  [400, { message: "Invalid API version segment 'x' at position 0" }, "not_expiry", "ERR_GHL_VERSION_HEADER"],
  [401, { message: "version header is invalid" }, "not_expiry", "ERR_GHL_VERSION_HEADER"],
  [401, { statusCode: 401, message: "The token is not authorized for this scope." }, "not_expiry", "ERR_GHL_SCOPE"],
  [401, { message: "Token's user type mismatch!" }, "not_expiry", "ERR_GHL_USER_TYPE"],
  [403, { message: "The token does not have access to this location." }, "not_expiry", "ERR_GHL_LOCATION_ACCESS"],
  [
    401,
    { message: "This authClass type is not allowed to access this scope. Please contact support" },
    "not_expiry",
    "ERR_GHL_AUTH_CLASS",
  ],
  [403, { message: "Forbidden resource" }, "not_expiry", "ERR_GHL_FORBIDDEN"],
  [
    401,
    { statusCode: 401, message: "Invalid token: access token is invalid" },
    "expired",
    "ERR_GHL_ACCESS_TOKEN_INVALID",
  ],
  [401, { message: "Invalid JWT" }, "expired", "ERR_GHL_ACCESS_TOKEN_INVALID"],
  [401, { message: "Something new" }, "expired", "ERR_GHL_ACCESS_TOKEN_INVALID"],
  [401, { message: "token has been revoked" }, "expired", "ERR_GHL_ACCESS_TOKEN_INVALID"],
  [401, "<!doctype html><title>401</title>", "expired", "ERR_GHL_ACCESS_TOKEN_INVALID"],
  [401, undefined, "expired", "ERR_GHL_ACCESS_TOKEN_INVALID"],
  [403, { message: "The access token is invalid" }, "not_expiry", "ERR_GHL_FORBIDDEN"],
  [429, { message: "Too Many Requests" }, "retryable", "ERR_GHL_RATE_LIMITED"],
  [500, undefined, "retryable", "ERR_GHL_UPSTREAM"],
  [502, "<html>", "retryable", "ERR_GHL_UPSTREAM"],
  [408, undefined, "retryable", "ERR_GHL_UPSTREAM"],
  [400, { message: "Something new" }, "retryable", "ERR_GHL_REFUSED"],
  // Without HighLevel's JSON an answer says nothing of the grant, whatever its status.
  ...[400, 402, 403, 404, 405, 410, 421, 422].flatMap((status): Row[] =>
    [undefined, "<html>invalid_client</html>", "Invalid grant", {}, [], 1].map((body) => [
      status,
      body,
      "retryable",
      "ERR_GHL_UNKNOWN_ANSWER",
    ]),
  ),
  [200, undefined, "retryable", "ERR_GHL_CUT_ANSWER"],
  [302, undefined, "retryable", "ERR_GHL_REDIRECTED"],
  [0, undefined, "retryable", "ERR_GHL_REDIRECTED"],
];

for (const [status, body, kind, code] of rows)
  test(`${status} ${JSON.stringify(body)} is ${kind}`, () => {
    expect(classifyAnswer({ status, body })).toMatchObject({ kind, code });
  });

test("a lost answer is distinguished from a request that was not carried out", () => {
  for (const status of [500, 503, 408]) expect(classifyAnswer({ status, body: undefined })?.ambiguous).toBe(true);
  expect(classifyAnswer({ status: 429, body: undefined })?.ambiguous).toBe(false);
  expect(classifyAnswer({ status: 201, body: { access_token: "x" } })).toBeUndefined();
});

test("no answer that is not known costs an installation", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  const words = fc.string().filter((text) => !/grant|code|token/i.test(text));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 599 }),
      fc.oneof(fc.jsonValue(), fc.record({ message: words, error: words })),
      (status, body) => {
        if (/grant|code|token/i.test(JSON.stringify(body))) return;
        expect(classifyAnswer({ status, body })?.kind).not.toBe("reauth_required");
      },
    ),
  );
});
