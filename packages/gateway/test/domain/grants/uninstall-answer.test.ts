import { expect, test } from "vitest";
import { uninstallOutcome } from "../../../src/domain/grants/uninstall-answer.ts";

const says = (message: string): string => JSON.stringify({ message });

test.each([
  [200, '{"success":true}', "ended"],
  [201, '{"success":true,"traceId":"t"}', "ended"],
  [200, '{"success":false}', "refused"],
  [200, '{"success":"true"}', "unclear"],
  [200, '{"success":tr', "unclear"],
  [204, "", "unclear"],
  [500, '{"success":true}', "unclear"],
  [503, says("The app is not installed"), "unclear"],
  [408, "", "unclear"],
  [401, says("Invalid token: access token is invalid"), "token_refused"],
  [401, says("token has been revoked"), "token_refused"],
  [401, "", "token_refused"],
  [401, says("The token is not authorized for this scope."), "refused"],
  [403, says("The token does not have access to this location."), "refused"],
  [400, says("Application is not installed in this location"), "ended"],
  [404, says("Installation not found"), "ended"],
  [422, JSON.stringify({ message: ["app was already uninstalled"] }), "ended"],
  // Words of another refusal, and of one who may not know.
  [404, says("Cannot DELETE /marketplace/app/a/installations"), "refused"],
  [400, says("Reason is required to uninstall"), "refused"],
  [400, says("App cannot be uninstalled while it is being installed"), "refused"],
  [403, says("The app is not installed"), "refused"],
  [429, says("Too Many Requests"), "refused"],
  [302, "", "refused"],
])("%i %s is %s", (status, text, outcome) => {
  expect(uninstallOutcome(status, text)).toBe(outcome);
});
