import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventOf, schemas, type WebhookEventName, wireType } from "../../src/index.ts";

/** Observed types, members and items at one path, as openapi/evidence counts them. */
interface Node {
  readonly kinds: Record<string, number>;
  readonly members: Record<string, Node>;
  items?: Node;
}

const emptyNode = (): Node => ({ kinds: {}, members: {} });

/** Turns `{ "$.items[].qty": { number: 1 } }` into a tree. */
function treeOf(paths: Readonly<Record<string, Readonly<Record<string, number>>>>): Node {
  const root = emptyNode();
  for (const [path, kinds] of Object.entries(paths)) {
    let node = root;
    for (const [step, name] of path.matchAll(/\.(\w+)|\[\]/g)) {
      if (step === "[]") {
        node.items ??= emptyNode();
        node = node.items;
      } else {
        node.members[name ?? ""] ??= emptyNode();
        node = node.members[name ?? ""] as Node;
      }
    }
    Object.assign(node.kinds, kinds);
  }
  return root;
}

const total = ({ kinds }: Node): number => Object.values(kinds).reduce((sum, times) => sum + times, 0);

/** Generates any value of the shape. A member that was absent in a capture may be absent. */
function seenValue(node: Node): fc.Arbitrary<unknown> {
  const members = Object.entries(node.members).map(([name, member]) => [name, seenValue(member)] as const);
  const requiredKeys = Object.entries(node.members)
    .filter(([, member]) => total(member) >= (node.kinds.object ?? 0))
    .map(([name]) => name);
  const byKind: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    object: () => fc.record(Object.fromEntries(members), { requiredKeys }),
    array: () => (node.items === undefined ? fc.constant([]) : fc.array(seenValue(node.items), { maxLength: 3 })),
    string: () => fc.string(),
    "string(date-time)": () => fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    number: () => fc.double({ noNaN: true, noDefaultInfinity: true }),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
  };
  return fc.oneof(...Object.keys(node.kinds).map((kind) => (byKind[kind] as () => fc.Arbitrary<unknown>)()));
}

/** openapi/evidence/events.json: docs/design/evidence.md has the format. */
interface Evidence {
  readonly observations: readonly {
    readonly operation: string;
    readonly requests: { readonly paths: Readonly<Record<string, Readonly<Record<string, number>>>> };
  }[];
}

const EVIDENCE = new URL("../../../../openapi/evidence/events.json", import.meta.url);
const { observations } = JSON.parse(readFileSync(EVIDENCE, "utf8")) as Evidence;
const seen = observations.map(({ operation, requests }) => ({
  name: operation.slice("POST /".length) as WebhookEventName,
  tree: treeOf(requests.paths),
}));

describe("a captured delivery", () => {
  it("a captured delivery exists for eleven events, each with a type", () => {
    expect(seen).toHaveLength(11);
    for (const { name, tree } of seen) expect(tree.members.type?.kinds, name).toHaveProperty("string");
  });

  it.each(seen)("$name is named by its type and passes the check", ({ name, tree }) => {
    fc.assert(
      fc.property(seenValue(tree), (value) => {
        const event = { ...(value as object), type: wireType(name) };
        expect(eventOf(event)).toMatchObject({ name, identifiedBy: "type" });
        expect(schemas[name]["~standard"].validate(event)).toEqual({ value: event });
      }),
    );
  });

  it("a captured delivery of a record is identified by its objectKey when the type does not name it", () => {
    const record = seen.find(({ name }) => name === "RecordCreate");
    fc.assert(
      fc.property(
        seenValue(record?.tree ?? emptyNode()),
        fc.stringMatching(/^custom_objects\.[a-z_]*$/),
        (value, type) => {
          const event = { ...(value as object), type };
          expect(eventOf(event, "RecordCreate")).toMatchObject({ name: "RecordCreate", identifiedBy: "hint" });
          expect(schemas.RecordCreate["~standard"].validate(event)).toEqual({ value: event });
        },
      ),
    );
  });
});
