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
  ids: described(v.array(textOut), "Ids of all configured keys. Each opens what it sealed."),
});
const use = v.strictObject({
  id: textOut,
  configured: described(v.boolean(), "False: it is not in TOKEN_KEYS, and what it sealed does not open."),
  grants: described(count, "Locations and companies whose tokens it seals."),
  cachedTokens: described(count, "Cached access tokens that it seals."),
  endpoints: described(count, "Endpoints whose secrets it seals."),
  workflowReceivers: described(count, "Workflow receivers whose secrets it seals."),
  unreadable: described(count, "How many of all of these do not open."),
});
const rewrapped = v.strictObject({
  activeId: textOut,
  keys: described(v.array(use), "What each key seals, of everything that was checked so far."),
  unreachable: described(count, "Objects that could not be reached so far. Any key may seal what they store."),
  nextCursor: nextStep,
});

export const tokenKeySchemas = { TokenKeys: keys, TokenKeyUse: use, Rewrapped: rewrapped };

export const tokenKeyActions = {
  getTokenKeys: defineAction({
    tag: "tokenKeys",
    summary: "Lists the ids of the keys that seal secrets at rest, and says which one is active.",
    role: "viewer",
    http: { method: "get", path: "/admin/token-keys" },
    input: v.strictObject({}),
    output: keys,
    run: tokenKeys,
  }),
  rewrapSecrets: defineAction({
    tag: "tokenKeys",
    summary:
      "One step of sealing all secrets by the active key, and of counting what each key seals. A key that seals nothing after the last step may be removed.",
    role: "admin",
    http: { method: "post", path: "/admin/token-keys/rewrap", body: "Rewrap" },
    input: v.strictObject({
      limit: v.optional(described(wholeNumber(1, MAX_STEP), "How many entries one step checks."), DEFAULT_STEP),
      cursor: v.optional(cursor(MAX_CURSOR_LENGTH)),
    }),
    output: rewrapped,
    run: rewrapSecrets,
  }),
};
