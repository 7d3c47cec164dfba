import { join } from "node:path";
import { WORK } from "../lib/context.ts";
import { type Operation, objectText, pascalCase, type TypedPeer } from "./peer.ts";

const call = (client: string, operation: Operation): string => {
  const params = {
    ...(Object.keys(operation.pathParameters).length > 0 && { path: objectText(operation.pathParameters) }),
    ...(Object.keys(operation.queryParameters).length > 0 && { query: objectText(operation.queryParameters) }),
    ...(Object.keys(operation.headerParameters).length > 0 && { header: objectText(operation.headerParameters) }),
  };
  const init = {
    ...(Object.keys(params).length > 0 && { params: objectText(params) }),
    ...(operation.body && { body: operation.body }),
  };
  return `void (await ${client}.${operation.method}(${JSON.stringify(operation.path)}, ${objectText(init)})).data;`;
};

const appText = (
  clients: string,
  names: { contacts: string; calendars: string; opportunities: string },
): string => `${clients}
export async function app(token: string) {
  const options = { baseUrl: "https://services.leadconnectorhq.com", headers: { authorization: \`Bearer \${token}\`, version: "v3" } };
  ${[...new Set(Object.values(names))].map((name) => `const ${name} = createClient<${pascalCase(name)}>(options);`).join("\n  ")}
  const one = await ${names.contacts}.GET("/contacts/{contactId}", { params: { path: { contactId: "c1" } } });
  const made = await ${names.contacts}.POST("/contacts/", { body: { locationId: "l1", firstName: "Ada" } });
  const list = await ${names.calendars}.GET("/calendars/", { params: { query: { locationId: "l1" } } });
  const deal = await ${names.opportunities}.GET("/opportunities/{id}", { params: { path: { id: "o1" } } });
  // typing
  return [one.data?.contact?.email, made.data?.contact?.id, list.data?.calendars?.length, deal.data?.opportunity?.name];
}
`;

const typingOf = (client: string): TypedPeer["typing"] => [
  { before: `await ${client}.GET("`, letters: "/conta" },
  { before: `await ${client}.GET("/contacts/{contactId}", { params: { path: { `, letters: "contac" },
];

const moduleTypes = (module: string): string =>
  `import type { paths as ${pascalCase(module)} } from "../../types/openapi-typescript/v3-${module}.d.ts";`;
const IMPORT = 'import createClient from "openapi-fetch";';

/** A client per module, each with the `paths` that openapi-typescript writes for its document. */
export const openapiFetchPerModule: TypedPeer = {
  id: "openapi-fetch",
  name: "openapi-fetch per module",
  fourCalls: appText([IMPORT, ...["contacts", "calendars", "opportunities"].map(moduleTypes), ""].join("\n"), {
    contacts: "contacts",
    calendars: "calendars",
    opportunities: "opportunities",
  }),
  typing: typingOf("contacts"),
  everyCall: async (operations) => {
    const modules = [...new Set(operations.map(({ module }) => module))];
    return [
      IMPORT,
      ...modules.map(moduleTypes),
      ...modules.map((module) => `const client${pascalCase(module)} = createClient<${pascalCase(module)}>();`),
      ...operations.map((operation) => call(`client${pascalCase(operation.module)}`, operation)),
      "",
    ].join("\n");
  },
  declarations: [join(WORK, "types/openapi-typescript")],
};

/** One client with the `paths` of one document that holds all modules. */
export const openapiFetchMerged: TypedPeer = {
  id: "openapi-fetch-merged",
  name: "openapi-fetch merged",
  fourCalls: appText(
    [IMPORT, 'import type { paths as HighLevel } from "../../types/merged/v3-all.d.ts";', ""].join("\n"),
    { contacts: "highLevel", calendars: "highLevel", opportunities: "highLevel" },
  ),
  typing: typingOf("highLevel"),
  everyCall: async (operations) =>
    [
      IMPORT,
      'import type { paths } from "../../types/merged/v3-all.d.ts";',
      "const client = createClient<paths>();",
      ...operations.map((operation) => call("client", operation)),
      "",
    ].join("\n"),
  declarations: [],
};
