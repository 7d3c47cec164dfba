import * as v from "valibot";
import { defineAction } from "../action.ts";
import { count, cursor, described, nextStep, textOut, wholeNumber } from "../schema.ts";
import { rewrapSecrets, tokenKeys } from "../token-keys.ts";

const DEFAULT_STEP = 25;
const MAX_STEP = 100;
/** The cursor holds the sums of all keys. */
const MAX_CURSOR_LENGTH = 16_384;

const keys = v.strictObject({
  activeId: described(textOut, "Id of the key that seals all new secrets."),
  ids: described(v.array(textOut), "Ids of all configured keys. Each key opens the secrets that it sealed."),
});
const use = v.strictObject({
  id: textOut,
  configured: described(
    v.boolean(),
    "Whether the key is in TOKEN_KEYS. Without it, the secrets that it sealed cannot be opened.",
  ),
  grants: described(count, "Number of locations and companies whose tokens the key seals."),
  cachedTokens: described(count, "Number of cached access tokens that the key seals."),
  endpoints: described(count, "Number of endpoints whose secrets the key seals."),
  workflowReceivers: described(count, "Number of workflow receivers whose secrets the key seals."),
  unreadable: described(count, "Number of these secrets that cannot be opened."),
});
const rewrapped = v.strictObject({
  activeId: textOut,
  keys: described(v.array(use), "Secrets that each key seals, counted over everything that was checked so far."),
  unreachable: described(
    count,
    "Number of objects that could not be reached so far. Any key may seal the secrets that they store.",
  ),
  nextCursor: nextStep,
});

export const tokenKeySchemas = { TokenKeys: keys, TokenKeyUse: use, Rewrapped: rewrapped };

export const tokenKeyActions = {
  getTokenKeys: defineAction({
    tag: "tokenKeys",
    summary: "Lists the ids of the keys that seal secrets at rest, and names the active key.",
    role: "viewer",
    http: { method: "get", path: "/admin/token-keys" },
    input: v.strictObject({}),
    output: keys,
    run: tokenKeys,
  }),
  rewrapSecrets: defineAction({
    tag: "tokenKeys",
    summary:
      "Seals all secrets with the active key, one step per call, and counts the secrets that each key seals. A key that seals nothing after the last step may be removed.",
    role: "admin",
    http: { method: "post", path: "/admin/token-keys/rewrap", body: "Rewrap" },
    input: v.strictObject({
      limit: v.optional(described(wholeNumber(1, MAX_STEP), "Number of entries that one step checks."), DEFAULT_STEP),
      cursor: v.optional(cursor(MAX_CURSOR_LENGTH)),
    }),
    output: rewrapped,
    run: rewrapSecrets,
  }),
};
