import type { ErrorEntries } from "./entry.ts";
import { CLIENT_ERRORS } from "./packages/client.ts";
import { CODEGEN_ERRORS } from "./packages/codegen.ts";
import { EMULATOR_ERRORS } from "./packages/emulator.ts";
import { MARKETPLACE_ERRORS } from "./packages/marketplace.ts";
import { OAUTH_ERRORS } from "./packages/oauth.ts";
import { RATE_LIMIT_ERRORS } from "./packages/rate-limit.ts";
import { WEBHOOKS_ERRORS } from "./packages/webhooks.ts";

/** By package, then by code. A code that two packages share (`ERR_GHL_CONFIGURATION`) has an entry in each. */
export const PACKAGE_ERRORS: Readonly<Record<string, ErrorEntries>> = {
  client: CLIENT_ERRORS,
  webhooks: WEBHOOKS_ERRORS,
  oauth: OAUTH_ERRORS,
  "rate-limit": RATE_LIMIT_ERRORS,
  marketplace: MARKETPLACE_ERRORS,
  codegen: CODEGEN_ERRORS,
  emulator: EMULATOR_ERRORS,
};
