import { join } from "node:path";
import { ROOT } from "../lib/context.ts";
import type { TypedPeer } from "./peer.ts";

const header = (version: string): string => `header: { Authorization: token, Version: "${version}" }`;
const HEADER = header("2021-07-28");

/** @gnosticdev/highlevel-sdk: openapi-fetch with the types of v2 built in. */
export const gnosticdevSdk: TypedPeer = {
  id: "gnosticdev-sdk",
  name: "@gnosticdev SDK",
  fourCalls: `import { createHighLevelClient } from "@gnosticdev/highlevel-sdk";

export async function app(token: string) {
  const client = createHighLevelClient({}, "integration", { privateToken: token, accessType: "Sub-Account" });
  const one = await client.contacts.GET("/contacts/{contactId}", { params: { ${HEADER}, path: { contactId: "c1" } } });
  const made = await client.contacts.POST("/contacts/", { params: { ${HEADER} }, body: { locationId: "l1", firstName: "Ada" } });
  const list = await client.calendars.GET("/calendars/", { params: { ${header("2021-04-15")}, query: { locationId: "l1" } } });
  const deal = await client.opportunities.GET("/opportunities/{id}", { params: { ${HEADER}, path: { id: "o1" } } });
  // typing
  return [one.data?.contact?.email, made.data?.contact?.id, list.data?.calendars?.length, deal.data?.opportunity?.name];
}
`,
  typing: [
    { before: 'await client.contacts.GET("', letters: "/conta" },
    { before: 'await client.contacts.GET("/contacts/{contactId}", { params: { path: { ', letters: "contac" },
  ],
  declarations: [join(ROOT, "bench/node_modules/@gnosticdev/highlevel-sdk/dist")],
};
