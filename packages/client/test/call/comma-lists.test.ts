import { globSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type ApiModule, createClient, type OperationRow, type OperationTable } from "../../src/index.ts";
import { fakeServer, json } from "../fake-server.ts";

interface Case {
  readonly title: string;
  readonly module: ApiModule;
  readonly name: string;
  readonly row: OperationRow;
}

/** Every operation of HighLevel's modules that has a comma-separated parameter. */
async function commaCases(): Promise<Case[]> {
  const cases: Case[] = [];
  for (const file of globSync("src/generated/v*/*.gen.ts", { exclude: ["**/*.d.ts"] }).sort()) {
    const [table] = Object.values((await import(/* @vite-ignore */ `../../${file}`)) as Record<string, OperationTable>);
    for (const [name, row] of Object.entries(table!.operations)) {
      if (row.x) cases.push({ title: `${table!.api} ${table!.module}.${name}`, module: table as ApiModule, name, row });
    }
  }
  return cases;
}

type AnyMethods = Record<string, (params: Record<string, unknown>) => Promise<unknown>>;

const cases = await commaCases();
const ids = { locationId: "loc", companyId: "com", altId: "loc", altType: "location" };

/** A value for each name of the path. */
function pathParams({ p: path }: OperationRow): Record<string, string> {
  return Object.fromEntries([...path.matchAll(/{([^}]+)}/g)].map(([, name]) => [name!, "id"]));
}

describe.each(cases)("$title", ({ module, name, row }) => {
  it.each(row.x!)("a method sends a list for %s as one value, and a text as it is", async (parameter) => {
    const { client, sent } = fakeServer(() => json({}));
    const methods = client.use(module) as unknown as AnyMethods;
    for (const value of [["a", "b c"], "a,b c", ["a"]]) {
      // a list begins with its first page when it is awaited
      await methods[name]!({ ...ids, ...pathParams(row), [parameter]: value });
    }
    const values = sent.map(({ url }) => new URL(url).searchParams.getAll(parameter));
    expect(values).toEqual([["a,b c"], ["a,b c"], ["a"]]);
  });
});

it("39 operations have comma-separated parameters", () => {
  expect(cases).toHaveLength(39);
});

it("the server reads one value over a real connection", async () => {
  const urls: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url);
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { Conversations } = await import("../../src/generated/v3/conversations.gen.ts");
    const conversations = createClient({ auth: "t", baseUrl }).use(Conversations);
    await conversations.getMessages({ conversationId: "c1", type: ["TYPE_SMS", "TYPE_CALL"] });
    expect(urls).toEqual(["/conversations/c1/messages?type=TYPE_SMS,TYPE_CALL"]);
  } finally {
    server.close();
  }
});
