import { join } from "node:path";
import { ROOT } from "../lib/context.ts";
import { type Operation, objectText, pascalCase, type TypedPeer } from "./peer.ts";

interface Table {
  readonly operations: Readonly<Record<string, { readonly m?: string; readonly p: string }>>;
}

async function everyCall(operations: readonly Operation[]): Promise<string> {
  const lines = ['import { createClient } from "@ghl-edge/client";', 'const client = createClient({ auth: "pit" });'];
  const calls: string[] = [];
  for (const module of new Set(operations.map((operation) => operation.module))) {
    const name = pascalCase(module);
    const exports: Record<string, Table> = await import(`@ghl-edge/client/v3/${module}`);
    const methods = new Map(
      Object.entries(exports[name]!.operations).map(([method, row]) => [`${row.m ?? "GET"} ${row.p}`, method]),
    );
    lines.push(`import { ${name} } from "@ghl-edge/client/v3/${module}";`, `const use${name} = client.use(${name});`);
    for (const operation of operations.filter((candidate) => candidate.module === module)) {
      const method = methods.get(`${operation.method} ${operation.path}`);
      if (method === undefined) throw new Error(`no method for ${operation.method} ${operation.path}`);
      const { pathParameters, queryParameters, headerParameters, body } = operation;
      const params = { ...headerParameters, ...queryParameters, ...pathParameters, ...(body && { body }) };
      calls.push(`void (await use${name}.${method}(${objectText(params)}));`);
    }
  }
  return [...lines, ...calls, ""].join("\n");
}

export const ours: TypedPeer = {
  id: "ours",
  name: "ghl-edge",
  fourCalls: `import { createClient } from "@ghl-edge/client";
import { Calendars } from "@ghl-edge/client/v3/calendars";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { Opportunities } from "@ghl-edge/client/v3/opportunities";

export async function app(token: string) {
  const client = createClient({ auth: { privateIntegrationToken: token } });
  const contacts = client.use(Contacts);
  const one = await contacts.getContact({ contactId: "c1" });
  const made = await contacts.createContact({ body: { locationId: "l1", firstName: "Ada" } });
  const list = await client.use(Calendars).getCalendars({ locationId: "l1" });
  const deal = await client.use(Opportunities).getOpportunity({ id: "o1" });
  // typing
  return [one.contact?.email, made.contact?.id, list.calendars?.length, deal.opportunity?.name];
}
`,
  fourCallsOneModule: `import { createClient } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";

export async function app(token: string) {
  const contacts = createClient({ auth: { privateIntegrationToken: token } }).use(Contacts);
  const one = await contacts.getContact({ contactId: "c1" });
  const made = await contacts.createContact({ body: { locationId: "l1", firstName: "Ada" } });
  const changed = await contacts.updateContact({ contactId: "c1", body: { firstName: "Ada" } });
  const gone = await contacts.deleteContact({ contactId: "c1" });
  return [one, made, changed, gone];
}
`,
  typing: [
    { before: "await contacts.", letters: "getCon" },
    { before: "await contacts.getContact({ ", letters: "contac" },
  ],
  everyCall,
  declarations: [join(ROOT, "packages/client/src/generated")],
};
