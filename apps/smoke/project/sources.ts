/** Writes the app into the fresh project: one file per entry, one over all client modules, the README examples, the fixtures. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Example, exampleFile, findExamples } from "./examples.ts";
import { entriesOf, findPackages } from "./packages.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

/** Imports an entry as the project sees it: through the `exports` of the installed package. */
export async function importFrom(project: string, specifier: string): Promise<Record<string, unknown>> {
  const path = createRequire(join(project, "package.json")).resolve(specifier);
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, unknown>;
}

/** An app file that uses one entry, and does not compile when its types are `any`. */
const entrySource = (entry: string): string =>
  [
    `import * as entry from "${entry}";`,
    "type IsAny<T> = 0 extends 1 & T ? true : false;",
    "export const typed: IsAny<typeof entry> extends true ? never : true = true;",
    "export const anyExports: never[] = [] as {",
    "  [K in keyof typeof entry]: IsAny<(typeof entry)[K]> extends true ? K : never;",
    "}[keyof typeof entry][];",
    "export default entry;",
    "",
  ].join("\n");

/** Entries that are modules of the API: `@ghl-edge/client/v3/contacts`. */
export const moduleEntries = (): string[] =>
  findPackages()
    .flatMap(({ manifest }) => entriesOf(manifest))
    .filter((entry) => /^@ghl-edge\/client\/v\d+\//.test(entry));

/** A file that uses every module of every generation with each tenancy; a method with an `any` in it does not compile. */
async function modulesSource(project: string): Promise<string> {
  const lines = [
    'import { createClient } from "@ghl-edge/client";',
    'const client = createClient({ auth: "token" });',
    "type IsAny<T> = 0 extends 1 & T ? true : false;",
    "type Loose<H> = {",
    "  [K in keyof H]: H[K] extends (...args: infer P) => infer R",
    "    ? true extends IsAny<H[K]> | IsAny<P[0]> | IsAny<Awaited<R>> ? K : never",
    "    : K;",
    "}[keyof H];",
  ];
  for (const [index, entry] of moduleEntries().entries()) {
    for (const name of Object.keys(await importFrom(project, entry))) {
      const own = `${name}_${index}`;
      lines.push(
        `import { ${name} as ${own} } from "${entry}";`,
        `const unbound_${own} = client.use(${own});`,
        `export const loose_${own}: [Loose<typeof unbound_${own}>] extends [never] ? true : false = true;`,
        `export const location_${own} = client.location("L1").use(${own});`,
        `export const company_${own} = client.company("C1").use(${own});`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** File of the app for an entry: `entries/@ghl-edge/client/v3/contacts.ts`. */
export const entryFile = (entry: string): string => `entries/${entry}.ts`;

/** Writes everything; gives the examples it wrote. */
export async function writeSources(project: string): Promise<Example[]> {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  cpSync(FIXTURES, project, { recursive: true });
  for (const { manifest } of findPackages())
    for (const entry of entriesOf(manifest)) write(entryFile(entry), entrySource(entry));
  write("modules.ts", await modulesSource(project));
  const examples = findExamples();
  // a block without an import is a module all the same
  for (const example of examples) write(exampleFile(example), `${example.code}\nexport {}; // ${example.position}\n`);
  return examples;
}
