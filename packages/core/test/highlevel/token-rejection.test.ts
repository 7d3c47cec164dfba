import { expect, it } from "vitest";
import { isTokenRejection } from "../../src/index.ts";

it.each([
  '{"statusCode":401,"message":"Invalid token: access token is invalid"}',
  '{"message":"Invalid JWT"}',
  '{"message":"token has been revoked"}',
  '{"error":{"message":"The access token expired"}}',
  '{"message":["Unauthorized"]}',
  "<html><body>401 Authorization Required</body></html>",
  "",
])("a 401 of %j rejects the token", (text) => {
  expect(isTokenRejection({ status: 401, text })).toBe(true);
  expect(isTokenRejection({ status: 403, text })).toBe(false);
});

it.each([
  '{"message":"The token is not authorized for this scope."}',
  `{"message":"Token's user type mismatch!"}`,
  '{"message":"This authClass type is not allowed to access this scope. Invalid token"}',
  '{"message":"The token does not have access to this location."}',
  '{"message":"version header is invalid"}',
  '{"message":"version header was not found."}',
])("a 401 of %j is about something else than the token", (text) => {
  expect(isTokenRejection({ status: 401, text })).toBe(false);
});

it("the challenge of RFC 6750 decides where there is one", () => {
  const text = "";
  const challenge = (error: string): string => `Bearer realm="x", error="${error}"`;
  expect(isTokenRejection({ status: 401, text, wwwAuthenticate: challenge("invalid_token") })).toBe(true);
  expect(isTokenRejection({ status: 401, text, wwwAuthenticate: challenge("insufficient_scope") })).toBe(false);
});
