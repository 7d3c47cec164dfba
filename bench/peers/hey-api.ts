import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WORK } from "../lib/context.ts";
import { type Operation, objectText, pascalCase, type TypedPeer } from "./peer.ts";

const OUTPUT = join(WORK, "types/hey-api");

/** `GET /contacts/{contactId}` → function name, read from the file that hey-api wrote. */
function functionsOf(module: string): Map<string, string> {
  const text = readFileSync(join(OUTPUT, `v3-${module}`, "sdk.gen.ts"), "utf8");
  const functions = new Map<string, string>();
  for (const block of text.split(/^export const /m).slice(1)) {
    const found = /^(\w+) = [\s\S]*?\(options\??\.client \?\? client\)\.(\w+)<[\s\S]*?\burl: '([^']+)'/.exec(block);
    if (found !== null) functions.set(`${found[2]!.toUpperCase()} ${found[3]}`, found[1]!);
  }
  return functions;
}

async function everyCall(operations: readonly Operation[]): Promise<string> {
  const imports: string[] = [];
  const calls: string[] = [];
  for (const module of new Set(operations.map((operation) => operation.module))) {
    const functions = functionsOf(module);
    const name = pascalCase(module);
    imports.push(`import * as ${name} from "../../types/hey-api/v3-${module}/index.ts";`);
    for (const operation of operations.filter((candidate) => candidate.module === module)) {
      const called = functions.get(`${operation.method} ${operation.path}`);
      if (called === undefined) throw new Error(`no function for ${operation.method} ${operation.path}`);
      const init = {
        ...(Object.keys(operation.pathParameters).length > 0 && { path: objectText(operation.pathParameters) }),
        ...(Object.keys(operation.queryParameters).length > 0 && { query: objectText(operation.queryParameters) }),
        ...(Object.keys(operation.headerParameters).length > 0 && { headers: objectText(operation.headerParameters) }),
        ...(operation.body && { body: operation.body }),
      };
      calls.push(`void (await ${name}.${called}(${objectText(init)})).data;`);
    }
  }
  return [...imports, ...calls, ""].join("\n");
}

export const heyApi: TypedPeer = {
  id: "hey-api",
  name: "hey-api",
  fourCalls: `import { client as calendars } from "../../types/hey-api/v3-calendars/client.gen.ts";
import { getCalendars } from "../../types/hey-api/v3-calendars/index.ts";
import { client as contacts } from "../../types/hey-api/v3-contacts/client.gen.ts";
import { createContact, getContact } from "../../types/hey-api/v3-contacts/index.ts";
import { client as opportunities } from "../../types/hey-api/v3-opportunities/client.gen.ts";
import { getOpportunity } from "../../types/hey-api/v3-opportunities/index.ts";

export async function app(token: string) {
  for (const client of [calendars, contacts, opportunities]) client.setConfig({ auth: token, headers: { version: "v3" } });
  const one = await getContact({ path: { contactId: "c1" } });
  const made = await createContact({ body: { locationId: "l1", firstName: "Ada" } });
  const list = await getCalendars({ query: { locationId: "l1" } });
  const deal = await getOpportunity({ path: { id: "o1" } });
  // typing
  return [one.data?.contact?.email, made.data?.contact?.id, list.data?.calendars?.length, deal.data?.opportunity?.name];
}
`,
  fourCallsOneModule: `import { client } from "../../types/hey-api/v3-contacts/client.gen.ts";
import { createContact, deleteContact, getContact, updateContact } from "../../types/hey-api/v3-contacts/index.ts";

export async function app(token: string) {
  client.setConfig({ auth: token, headers: { version: "v3" } });
  const one = await getContact({ path: { contactId: "c1" } });
  const made = await createContact({ body: { locationId: "l1", firstName: "Ada" } });
  const changed = await updateContact({ path: { contactId: "c1" }, body: { firstName: "Ada" } });
  const gone = await deleteContact({ path: { contactId: "c1" } });
  return [one, made, changed, gone];
}
`,
  typing: [
    { before: "await ", letters: "getCon" },
    { before: "await getContact({ path: { ", letters: "contac" },
  ],
  everyCall,
  declarations: [OUTPUT],
};
