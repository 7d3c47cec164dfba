import { describe, expect, test } from "vitest";
import { scanSources } from "../../src/scopes/scan.ts";

const HEAD = `import { Contacts } from "@ghl-edge/client/v3/contacts";\n`;

/** Scans one file. The result leaves out its name and the line of the import. */
function scan(text: string, head = HEAD): string[] {
  return scanSources([{ path: "app.ts", text: head + text }]).map(describeUse);
}

function describeUse(use: ReturnType<typeof scanSources>[number]): string {
  if (use.kind === "method") return `${use.module}.${use.name}`;
  if (use.kind === "request") return `${use.method} ${use.path.replaceAll("\u0000", "…")} ${use.module ?? "-"}`;
  return `? ${use.text}`;
}

describe("methods are found", () => {
  test.each([
    ["on a constant", "const c = client.use(Contacts); await c.getContact({});"],
    ["in a chain", "await client.location(id).use(Contacts).getContact({});"],
    [
      "before the constant that a function uses is declared",
      "function f() { return c.getContact({}); } const c = client.use(Contacts);",
    ],
    ["taken out by name", "const { getContact } = client.use(Contacts);"],
    ["taken out under another name", "const c = client.use(Contacts); const { getContact: get } = c;"],
    ["as a value", "const c = client.use(Contacts); const f = c.getContact;"],
    ["on a property", "const api = { c: client.use(Contacts) }; api.c.getContact({});"],
    ["on a shorthand property", "const c = client.use(Contacts); const api = { c }; api.c.getContact({});"],
    ["on a private field", "class A { #c = client.use(Contacts); f() { return this.#c.getContact({}); } }"],
    [
      "on a field set in the constructor",
      "class A { constructor() { this.c = client.use(Contacts); } f() { return this.c.getContact({}); } }",
    ],
    ["on a typed parameter", "function f(c: Contacts) { return c.getContact({}); }"],
    ["on a parameter with a tenancy", "const f = (c: Contacts<LocationBound>) => c.getContact({});"],
    [
      "in a destructured parameter",
      "interface Deps { c: Contacts } function f({ c }: Deps) { return c.getContact({}); }",
    ],
    ["through as, ! and parentheses", "const c = (client.use(Contacts) as unknown)!; (c!).getContact({});"],
    ["in a nested scope", "const c = client.use(Contacts); { for (const x of y) { if (x) c.getContact({}); } }"],
  ])("a method is found %s", (_, text) => {
    expect(scan(text)).toEqual(["v3/contacts.getContact"]);
  });

  test("a method is found under an alias, in a namespace and in the other generation", () => {
    expect(scan("client.use(C).a();", `import { Contacts as C } from "@ghl-edge/client/v2/contacts";\n`)).toEqual([
      "v2/contacts.a",
    ]);
    expect(scan("client.use(m.Links).a();", `import * as m from "@ghl-edge/client/v3/links";\n`)).toEqual([
      "v3/links.a",
    ]);
    expect(
      scan("client.use(AdPublishing).a();", `import { AdPublishing } from "@ghl-edge/client/v3/ad-publishing";\n`),
    ).toEqual(["v3/ad-publishing.a"]);
  });

  test("a method is found across files, through a re-export", () => {
    const uses = scanSources([
      { path: "src/api.ts", text: `${HEAD}export const contacts = client.use(Contacts);` },
      { path: "src/index.ts", text: `export { contacts as people } from "./api.ts";` },
      { path: "src/app/run.ts", text: `import { people } from "../index.js"; people.getContact({});` },
    ]);
    expect(uses).toEqual([{ kind: "method", module: "v3/contacts", name: "getContact", position: "src/app/run.ts:1" }]);
  });
});

describe("nothing is found", () => {
  test.each([
    ["on a name of an inner scope", "const c = client.use(Contacts); { const c = other; c.getContact({}); }"],
    [
      "on an untyped parameter of the same name",
      "const c = client.use(Contacts); function f(c) { return c.getContact({}); }",
    ],
    ["in a types-only import", "type A = GetContactParams;"],
    ["in use of something else", "const c = client.use(Something); c.getContact({});"],
    ["in a string", "const text = 'client.use(Contacts).getContact({})';"],
  ])("no method is found %s", (_, text) => {
    expect(scan(text)).toEqual([]);
  });
});

describe("a use that the scan cannot follow is reported", () => {
  test.each([
    ["a computed name", "const c = client.use(Contacts); c[name]({});", "? c[name]"],
    ["a module handed on", "const c = client.use(Contacts); run(c);", "? c"],
    ["a module returned", "function f() { return client.use(Contacts); }", "? client.use(Contacts)"],
    ["a dynamic import", `const m = import("@ghl-edge/client/v3/links");`, `? import("@ghl-edge/client/v3/links")`],
    ["a raw path that is computed", "const r = createRaw(client, Contacts); r.GET(path);", "? r.GET(path)"],
    [
      "a request whose method is computed",
      "fetch(`https://services.leadconnectorhq.com/a`, init);",
      "? fetch(`https://services.leadconnectorhq.com/a`, init)",
    ],
  ])("a use that the scan cannot follow is reported: %s", (_, text, expected) => {
    expect(scan(text)).toContain(expected);
  });

  test("a use that the scan cannot follow is reported with file and line", () => {
    const [use] = scanSources([{ path: "src/a.ts", text: `${HEAD}const c = client.use(Contacts);\n\nc[name]();` }]);
    expect(use).toMatchObject({ kind: "unresolved", position: "src/a.ts:4" });
  });
});

test("raw paths and plain requests", () => {
  expect(scan(`createRaw(client, Contacts).GET("/contacts/{contactId}", {});`)).toEqual([
    "GET /contacts/{contactId} v3/contacts",
  ]);
  expect(scan(`fetch("https://services.leadconnectorhq.com/links/?a=1");`)).toEqual(["GET /links/ -"]);
  expect(scan(`fetch(\`https://services.leadconnectorhq.com/contacts/\${id}/tags\`, { method: "post" });`)).toEqual([
    "POST /contacts/…/tags -",
  ]);
  expect(scan(`fetch("https://example.com/links/");`)).toEqual([]);
});

test("a file that does not parse is scanned as far as it goes", () => {
  expect(scan("const c = client.use(Contacts); c.getContact({ ; }}}")).toEqual(["v3/contacts.getContact"]);
});
