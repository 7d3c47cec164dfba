import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../../src/input/evidence/load.ts";
import { printEvidence } from "../../../src/input/evidence/print.ts";
import { isDataName } from "../../../src/input/observe/data-name.ts";
import { API_HOST, observe } from "../../../src/input/observe/observe.ts";
import { readRecording } from "../../../src/input/observe/read-recording.ts";
import type { Json } from "../../../src/json/json.ts";
import { walkSchemas } from "../../../src/json/walk.ts";
import { packagedOperations } from "../../../src/output/generate/load-operations.ts";
import { committedDocuments, OPENAPI } from "../../support/repository.ts";
import { run, temporaryFolder, writeFiles } from "../../support/source.ts";

const operations = packagedOperations();

function evidenceOf(text: string): string {
  const { exchanges } = readRecording(text, "x");
  const { byModule } = observe(exchanges, { operations, hosts: [API_HOST], source: "recorded exchanges" });
  return printEvidence([...byModule.values()].flat());
}

const SECRET = "ocQHyuzHvysMo5N5VsXc";
const CALL = {
  method: "POST",
  url: `https://${API_HOST}/contacts/${SECRET}/notes?locationId=${SECRET}`,
  status: 201,
  version: "2021-07-28",
  date: "2026-07-17T10:00:00Z",
  request: { body: "call me", userId: SECRET },
  response: { note: { id: SECRET, dateAdded: "2026-07-17T10:00:00.000Z", pinned: false, tags: [] }, traceId: SECRET },
};

const EXPECTED = `{
 "format": 1,
 "observations": [
  {
   "operation": "POST /contacts/{contactId}/notes",
   "sources": ["recorded exchanges"],
   "sureness": "recorded",
   "date": "2026-07-17",
   "version": "2021-07-28",
   "status": [201],
   "answers": {
    "count": 1,
    "paths": {
     "$": {"object":1},
     "$.note": {"object":1},
     "$.note.dateAdded": {"string(date-time)":1},
     "$.note.id": {"string":1},
     "$.note.pinned": {"boolean":1},
     "$.note.tags": {"array":1},
     "$.traceId": {"string":1}
    }
   },
   "requests": {
    "count": 1,
    "paths": {
     "$": {"object":1},
     "$.body": {"string":1},
     "$.userId": {"string":1}
    }
   },
   "query": ["locationId"]
  }
 ]
}
`;

function har(call: typeof CALL): string {
  return JSON.stringify({
    log: {
      version: "1.2",
      entries: [
        {
          startedDateTime: call.date,
          request: {
            method: call.method,
            url: call.url,
            headers: [
              { name: "Authorization", value: "Bearer secret-token" },
              { name: "version", value: call.version },
            ],
            postData: { mimeType: "application/json; charset=utf-8", text: JSON.stringify(call.request) },
          },
          response: {
            status: call.status,
            content: {
              mimeType: "application/json",
              encoding: "base64",
              text: Buffer.from(JSON.stringify(call.response)).toString("base64"),
            },
          },
        },
      ],
    },
  });
}

test.each([
  ["JSON lines", `${JSON.stringify(CALL)}\n\n`],
  ["a JSON array", JSON.stringify([CALL])],
  [
    "bodies as text",
    JSON.stringify({ ...CALL, request: JSON.stringify(CALL.request), response: JSON.stringify(CALL.response) }),
  ],
  ["a HAR file", har(CALL)],
  [
    "a path through the gateway",
    JSON.stringify({ ...CALL, url: `/api/location/${SECRET}/contacts/x/notes?locationId=y` }),
  ],
])("%s becomes the same evidence", (_, text) => {
  expect(evidenceOf(text)).toBe(EXPECTED);
});

const NAME = fc.constantFrom("id", "name", "contact", "customFields", "value", "tags", "meta");
/** A value with texts at its leaves, and the same with other texts there. */
const PAIR = fc.letrec<{ node: [Json, Json] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(fc.string({ minLength: 4 }), fc.string({ minLength: 4 })),
    fc
      .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
      .map((value): [Json, Json] => [value, typeof value === "number" ? 7 : typeof value === "boolean" ? true : null]),
    fc
      .array(tie("node"), { maxLength: 3 })
      .map((items): [Json, Json] => [items.map(([a]) => a), items.map(([, b]) => b)]),
    fc
      .dictionary(NAME, tie("node"), { maxKeys: 4 })
      .map((members): [Json, Json] => [
        Object.fromEntries(Object.entries(members).map(([name, [a]]) => [name, a])),
        Object.fromEntries(Object.entries(members).map(([name, [, b]]) => [name, b])),
      ]),
  ),
})).node;
const SEGMENT = fc.stringMatching(/^[A-Za-z0-9]{4,24}$/);

describe("no value gets through", () => {
  test("exchanges that differ in nothing but values give the same bytes", () => {
    fc.assert(
      fc.property(
        PAIR,
        PAIR,
        fc.tuple(SEGMENT, SEGMENT),
        fc.tuple(fc.string(), fc.string()),
        (request, response, id, query) => {
          const [one, other] = ([0, 1] as const).map((side) =>
            evidenceOf(
              JSON.stringify([
                {
                  ...CALL,
                  url: `https://${API_HOST}/contacts/${id[side]}/notes?locationId=${encodeURIComponent(query[side])}`,
                  request: { wrapped: request[side] },
                  response: { wrapped: response[side] },
                },
              ]),
            ),
          );
          expect(one).toBe(other);
        },
      ),
    );
  });

  test("a version header that is none is dropped, a token never arrives", () => {
    expect(evidenceOf(JSON.stringify({ ...CALL, version: "Bearer x" }))).not.toContain("Bearer");
    expect(evidenceOf(har(CALL))).not.toContain("secret-token");
  });
});

describe("names that are data", () => {
  const mixed = fc
    .array(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), {
      minLength: 20,
      maxLength: 24,
    })
    .map((letters) => letters.join(""))
    .filter((id) => /\d[A-Za-z]/.test(id));

  test("ids, UUIDs, e-mail addresses, phone numbers and days are folded into any member, at any depth", () => {
    const data = fc.oneof(
      mixed,
      fc.uuid(),
      fc.emailAddress(),
      fc.stringMatching(/^\+?\d{5,14}$/),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
        .map((day) => day.toISOString().slice(0, 10)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(data, { minLength: 1, maxLength: 4 }), (names) => {
        const map = Object.fromEntries(names.map((name) => [name, { slots: ["x"] }]));
        const text = evidenceOf(JSON.stringify({ ...CALL, response: { byKey: [map] }, request: map }));
        for (const name of names) expect(text).not.toContain(name);
        expect(text).toContain(`"$.byKey[].*.slots": {"array":${names.length}}`);
        expect(text).toContain(`"$.*": {"object":${names.length}}`);
      }),
    );
  });

  test("the names in HighLevel's documents are taken for data in no more than one case in a hundred", () => {
    const names = new Set<string>();
    for (const { document } of committedDocuments()) {
      walkSchemas(document, ({ properties }) => {
        for (const name of Object.keys((properties ?? {}) as object)) names.add(name);
      });
    }
    const folded = [...names].filter(isDataName);
    expect(folded.length, folded.join(" ")).toBeLessThanOrEqual(names.size / 100);
  });
});

test("an exchange that is no success, or has another host or no known route, is ignored and counted", async () => {
  const folder = temporaryFolder();
  const rows = [
    CALL,
    { ...CALL, status: 422 },
    { ...CALL, url: `https://gateway.example/contacts/x/notes` },
    { ...CALL, url: `https://${API_HOST}/nowhere` },
    { what: "call", method: "GET", route: "/api/*", httpStatus: 200 },
  ];
  await writeFiles(folder, { "calls.jsonl": rows.map((row) => JSON.stringify(row)).join("\n") });
  const { code, out, err } = await run(folder, ["observe", "calls.jsonl"]);
  expect({ code, out }).toEqual({ code: 0, out: EXPECTED });
  expect(err).toBe(
    "1 exchanges taken, 1 with another host (--host names it), 1 with a route that no document has, 1 without success, 1 lines of a gateway's log, which has no bodies\n",
  );
  const named = await run(folder, ["observe", "calls.jsonl", "--host", "gateway.example", "--out", "x.json", "--json"]);
  expect(JSON.parse(named.out)).toEqual({ taken: 2, left: { host: 0, route: 1, status: 1 }, logLines: 1 });
});

test("--out adds to what is there; a folder has a file per module that the evidence reader takes", async () => {
  const folder = temporaryFolder();
  const get = {
    ...CALL,
    method: "GET",
    url: "/locations/x",
    date: "2026-07-19",
    response: { location: { id: "x" } },
    request: undefined,
  };
  await writeFiles(folder, {
    "a.jsonl": JSON.stringify(CALL),
    "b.jsonl": [JSON.stringify({ ...CALL, date: "2026-07-20", response: { note: null } }), JSON.stringify(get)].join(
      "\n",
    ),
  });
  await mkdir(join(folder, "evidence"));
  expect((await run(folder, ["observe", "a.jsonl", "--out", "evidence"])).code).toBe(0);
  expect((await run(folder, ["observe", "b.jsonl", "--out", "evidence"])).code).toBe(0);
  const files = readEvidence(join(folder, "evidence"));
  expect(files.map(({ module }) => module)).toEqual(["contacts", "locations"]);
  const text = await readFile(join(folder, "evidence/contacts.json"), "utf8");
  // what the package knows of the module is still there: this file stands for it in `generate`
  const packaged = await readFile(`${OPENAPI}/evidence/contacts.json`, "utf8");
  expect(text.match(/"operation"/g)).toHaveLength(packaged.match(/"operation"/g)!.length + 1);
  expect(text).toContain('"$.note": {"null":1,"object":1}');
  expect(text).toContain('"date": "2026-07-17..2026-07-20"');
  expect(text).toContain('"count": 2');
  await run(folder, ["observe", "a.jsonl", "b.jsonl", "--out", "all.json"]);
  const all = await readFile(join(folder, "all.json"), "utf8");
  expect(all).toContain("GET /locations/{locationId}");
  expect(all).toContain('"$.note": {"null":1,"object":1}');
});

test.each([
  [["observe"], {}, 2, "ERR_GHL_CODEGEN_USAGE"],
  [["observe", "gone.har"], {}, 2, "ERR_GHL_CODEGEN_UNREADABLE gone.har"],
  [["observe", "a"], { a: "{}" }, 2, "entry 1 must be an exchange"],
  [["observe", "a"], { a: `${JSON.stringify(CALL)}\n{` }, 2, "line 2 must be JSON"],
  [["observe", "a"], { a: JSON.stringify({ ...CALL, status: 500 }) }, 1, "0 exchanges taken, 1 without success"],
  [
    ["observe", "a", "--out", "e.json"],
    { a: JSON.stringify(CALL), "e.json": "{}" },
    2,
    "ERR_GHL_CODEGEN_EVIDENCE_INVALID",
  ],
])("%j with %j exits %d", async (argv, files, code, message) => {
  const folder = temporaryFolder();
  await writeFiles(folder, files as Record<string, string>);
  const result = await run(folder, argv);
  expect(result.code).toBe(code);
  expect(result.err).toContain(message);
});
