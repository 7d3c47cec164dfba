import * as v from "valibot";
import { newApiKey } from "../../../domain/access/api-key.ts";
import { defineAction } from "../action.ts";
import {
  appName,
  appPageEntries,
  described,
  key,
  MAX_NAME_LENGTH,
  optionalTimeMs,
  pageOf,
  resources,
  text,
  textOut,
  timeMs,
} from "../schema.ts";
import { checkApp, known } from "../shared.ts";

const access = described(
  v.picklist(["read", "write"]),
  "Calls that the key may make. read: GET, HEAD and operations whose scopes are all readonly. write: every operation.",
);
const apiKey = v.strictObject({
  id: textOut,
  name: textOut,
  app: textOut,
  access,
  resources,
  createdAtMs: timeMs,
  createdBy: textOut,
  revokedAtMs: optionalTimeMs,
});
const apiKeyPage = pageOf(apiKey);
const createdApiKey = v.strictObject({
  key: described(textOut, "The key itself. It is shown only in this answer."),
  apiKey,
});

export const apiKeySchemas = { ApiKey: apiKey, ApiKeyPage: apiKeyPage, CreatedApiKey: createdApiKey };

export const apiKeyActions = {
  listApiKeys: defineAction({
    tag: "apiKeys",
    summary: "Lists the API keys of the directory, including revoked ones.",
    role: "viewer",
    http: { method: "get", path: "/admin/api-keys" },
    input: v.strictObject(appPageEntries),
    output: apiKeyPage,
    run: ({ directory }, input) => directory.apiKeys.list(input),
  }),
  createApiKey: defineAction({
    tag: "apiKeys",
    summary: "Creates an API key and shows it once.",
    role: "admin",
    http: { method: "post", path: "/admin/api-keys", status: 201, body: "NewApiKey" },
    input: v.strictObject({
      name: text(MAX_NAME_LENGTH),
      app: appName,
      access: v.optional(access, "read"),
      resources: v.optional(resources, null),
    }),
    output: createdApiKey,
    async run({ config, directory, change }, input) {
      checkApp(config, input.app);
      const { id, key: secret, hash } = await newApiKey(await directory.checkKey.read());
      return { key: secret, apiKey: await directory.apiKeys.create({ ...input, id, hash }, change) };
    },
  }),
  revokeApiKey: defineAction({
    tag: "apiKeys",
    summary: "Revokes an API key. A key that was just used may be accepted for another 30 s.",
    role: "admin",
    http: { method: "delete", path: "/admin/api-keys/{id}" },
    input: v.strictObject({ id: key }),
    output: apiKey,
    run: async ({ directory, change }, { id }) => known("API key", await directory.apiKeys.revoke(id, change)),
  }),
};
