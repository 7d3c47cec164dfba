import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";

// The compiler's work for the generated modules is limited. Instantiations are counts, the same on every machine.
const CLIENT = join(import.meta.dirname, "../../client/src");
const FOUR_CALLS_MAX = 1_500;
const ALL_V3_MAX = 120_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ghl-codegen-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function check(name: string, text: string): { instantiations: number; problems: string } {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, text);
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  });
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(file));
  const problems = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")).join("\n");
  return { instantiations: program.getInstantiationCount(), problems };
}

const use = (type: string, module: string) =>
  `import type { ${type} } from "${CLIENT}/generated/v3/${module}.gen.ts";\n`;
const tenancy = `import type { LocationBound } from "${CLIENT}/tenant/tenancy.ts";\n`;

test(`an app with four calls costs at most ${FOUR_CALLS_MAX} instantiations`, () => {
  const text = `${use("ContactsModule", "contacts")}${use("Conversations", "conversations")}${use("Calendars", "calendars")}${tenancy}
declare const contacts: ContactsModule["location"];
declare const conversations: Conversations<LocationBound>;
declare const calendars: Calendars<LocationBound>;
type IsAny<T> = 0 extends 1 & T ? true : false;
export async function app() {
  const found = await contacts.getContact({ contactId: "1" });
  const typed: IsAny<typeof found> = false;
  const id: string | undefined = found.contact?.id;
  const made = await contacts.createContact({ body: { firstName: "a" } });
  const message = await conversations.getMessage({ id: "1" });
  const calendar = await calendars.getCalendar({ calendarId: "1" });
  // @ts-expect-error the tenant is known, the contact is not
  await contacts.getContact({});
  return [typed, id, made, message, calendar];
}
`;
  const { instantiations, problems } = check("four-calls", text);
  expect(problems).toBe("");
  expect(instantiations).toBeLessThanOrEqual(FOUR_CALLS_MAX);
}, 60_000);

test(`every v3 operation called once costs at most ${ALL_V3_MAX} instantiations`, () => {
  const modules = readdirSync(join(CLIENT, "generated/v3")).filter((file) => /^[a-z0-9-]+\.gen\.ts$/.test(file));
  let calls = 0;
  const parts = modules.map((file) => {
    const source = readFileSync(join(CLIENT, "generated/v3", file), "utf8");
    const [, type = "", body = ""] =
      /\nexport interface (\w+)<_?T extends Tenancy = Unbound> \{\n(.*?)\n\}\n/s.exec(source) ?? [];
    const lines = [...body.matchAll(/^ {2}([\w$]+)\((params|\.\.\.args)?/gm)].map(([, method, params]) => {
      calls++;
      const argument = params === undefined ? "" : `null! as Parameters<typeof x${type}.${method}>[0]`;
      return `export const ${type}_${method} = x${type}.${method}(${argument});\n`;
    });
    return [
      use(type, file.replace(".gen.ts", "")),
      `declare const x${type}: ${type}<LocationBound>;\n${lines.join("")}`,
    ];
  });
  const { instantiations, problems } = check(
    "all-v3",
    `${tenancy}${parts.map(([head]) => head).join("")}${parts.map(([, body]) => body).join("")}`,
  );
  expect(problems).toBe("");
  expect(calls).toBeGreaterThan(600);
  expect(instantiations).toBeLessThanOrEqual(ALL_V3_MAX);
  expect(instantiations).toBeGreaterThan(calls);
}, 60_000);
