import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../../../src/json/json.ts";
import { webhookTable } from "../../../../src/output/emit/webhook/table.ts";
import { emitWebhooks } from "../../../../src/output/emit/webhook/webhook.ts";
import { loadFields, readFields } from "../../../../src/output/fields/load-fields.ts";
import { readWebhooks } from "../../../../src/output/ir/webhook/webhook.ts";

const ROOT = join(import.meta.dirname, "../../../../../..");
const WEBHOOKS = join(ROOT, "packages/webhooks");
const COUNTED_FOLDER = join(ROOT, "../shared/facts");
const readYaml = (path: string): Json => parse(readFileSync(path, "utf8")) as Json;

const texts = await loadFields(join(ROOT, "openapi/fields.yaml"));
const fixture = readWebhooks(
  readYaml(join(import.meta.dirname, "../../../fixtures/webhook/distinguished-events.yaml")),
);
const real = readWebhooks(readYaml(join(ROOT, "openapi/webhooks.yaml")));

describe("a small document", () => {
  test.each(emitWebhooks(fixture))(
    "the generated file of webhooks equals its snapshot: $path",
    async ({ path, text }) => {
      await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "../../../__snapshots__/webhook", path));
    },
  );

  test("a small document has the sentences of its fields above them", () => {
    const said = readFields({ id: "Id of the note.", "webhooks/BillPayload.total": "Sum */ of the bill." }, "f");
    const types = emitWebhooks(fixture, said)[0]?.text;
    expect(types).toContain("  /** Id of the note. */\n  id: string;\n");
    expect(types).toContain("  /** Sum *\\/ of the bill. */\n  total?: number;\n");
    expect(types).toContain(";\n  altId?: string;\n");
  });

  test("a small document has a table of its events", () => {
    expect(webhookTable(fixture).split("\n").slice(2, 7)).toEqual([
      "| `NoteCreate` | `NoteCreate` | `type` | `NotePayload` | `notes.readonly` | documented |",
      "| `Installed` | `INSTALL` `REINSTALL` | `type` | envelope only |  | captured |",
      "| `BillPaid` | `BillPaid` | `type` or URL | `BillPayload` |  | documented |",
      "| `TextSent` | (channel) | URL | `TextPayload` |  | documented |",
      "| `PriceSet` | `PriceSet` | `type` or URL | `PricePayload` |  | documented |",
    ]);
  });
});

describe("openapi/webhooks.yaml", () => {
  test("openapi/webhooks.yaml is what packages/webhooks was generated from", () => {
    for (const { path, text } of emitWebhooks(real, texts)) {
      expect(readFileSync(join(WEBHOOKS, "src/generated", path), "utf8"), path).toBe(text);
    }
  });

  test("openapi/webhooks.yaml has 77 events, three legacy names, and a source with its date on each", () => {
    expect([real.events.length, real.legacy]).toEqual([77, ["OrderDelete", "OrderUpdate", "TaskUpdate"]]);
    for (const { name, source, date } of real.events) {
      expect(source, name).toMatch(/^https:\/\/marketplace\.gohighlevel\.com\/docs\//);
      expect(date, name).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  /** `vitest run -u` writes it again. */
  test("the table of events in the README of packages/webhooks is up to date", async () => {
    const path = join(WEBHOOKS, "README.md");
    const section = /(<!-- events: begin -->\n)[\s\S]*(<!-- events: end -->)/;
    const readme = readFileSync(path, "utf8");
    expect(readme).toMatch(section);
    await expect(readme.replace(section, (_, begin, end) => `${begin}${webhookTable(real)}${end}`)).toMatchFileSnapshot(
      path,
    );
  });
});

interface RecordedEvent {
  readonly event: string;
  readonly typeRole: string;
  readonly scope: readonly string[] | null;
  readonly fields: readonly { readonly path: string }[];
}

describe.skipIf(!existsSync(COUNTED_FOLDER))("the recorded events", () => {
  const rows = existsSync(COUNTED_FOLDER)
    ? (JSON.parse(readFileSync(join(COUNTED_FOLDER, "webhook-events.json"), "utf8")) as RecordedEvent[])
    : [];

  test("no event is missing and none was made up", () => {
    const listed = readFileSync(join(COUNTED_FOLDER, "events.txt"), "utf8").trim().split(/\s+/);
    expect(real.events.map(({ name }) => name).sort()).toEqual(listed.sort());
    const all = [...real.events.map(({ name }) => name), ...real.legacy];
    expect(all.sort()).toEqual(rows.map(({ event }) => event).sort());
  });

  test("no documented field is missing", () => {
    const missing: string[] = [];
    for (const { event, fields } of rows) {
      const model = real.events.find(({ name }) => name === event);
      for (const { path } of fields) {
        if (!hasPath(model?.payload, path)) missing.push(`${event} ${path}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test("scopes are those that were documented", () => {
    for (const { event, scope } of rows) {
      const model = real.events.find(({ name }) => name === event);
      if (model) expect(model.scopes ?? null, event).toEqual(scope);
    }
  });
});

/** Whether a path such as `items[].price.amount` leads somewhere, in the payload or the envelope. */
function hasPath(payload: string | undefined, path: string): boolean {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0 && real.envelope.fields.some(({ name }) => name === first)) return true;
  let schema = payload;
  for (const [index, part] of [first, ...rest].entries()) {
    const field = fieldOf(schema, part.replace("[]", ""));
    if (field === undefined) return false;
    // An object that may hold anything has every path.
    if (field.shape.scalars.includes("object")) return true;
    if (part.endsWith("[]") && field.shape.items === undefined) return false;
    schema = field.shape.schema ?? field.shape.items?.schema;
    if (schema === undefined && index < rest.length) return false;
  }
  return true;
}

function fieldOf(name: string | undefined, field: string): (typeof real.envelope.fields)[number] | undefined {
  const schema = name === undefined ? undefined : real.schemas.get(name);
  const own = schema?.fields.find((candidate) => candidate.name === field);
  return own ?? (schema?.base === undefined ? undefined : fieldOf(schema.base, field));
}
