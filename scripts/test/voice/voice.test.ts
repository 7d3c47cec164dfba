import { describe, expect, it } from "vitest";
import { checkVoice, messageFault } from "../../voice/check.ts";

const LONG = `${"word ".repeat(36).trim()}.`;
const found = (path: string, text: string): string[] =>
  checkVoice(path, text).map(({ rule, line, message }) => `${line} ${rule} ${message.slice(0, 24)}`);

describe("a sentence", () => {
  it("a sentence of more than 35 words is found in a document, a list, a table and a comment", () => {
    expect(found("docs/a.md", `# A\n\n${LONG}`)).toEqual(["3 sentence 36 words: word word word"]);
    expect(found("docs/a.md", `- ${LONG}`)).toHaveLength(1);
    expect(found("docs/a.md", `| a | ${LONG} |`)).toHaveLength(1);
    expect(found("packages/a/src/a.ts", `/**\n * ${LONG.slice(0, 60)}\n * ${LONG.slice(60)}\n */`)).toHaveLength(1);
  });

  it("a sentence may have 35 words, and code counts as one", () => {
    expect(found("docs/a.md", `${"word ".repeat(34)}\`a b c d\`. Next.`)).toEqual([]);
  });

  it("a sentence is not looked for in code", () => {
    expect(found("docs/a.md", `\`\`\`sh\n${LONG}\n\`\`\``)).toEqual([]);
    expect(
      found("packages/a/src/a.ts", `/**\n * Adds.\n *\n * @example\n * \`\`\`ts\n * ${LONG}\n * \`\`\`\n */`),
    ).toEqual([]);
  });
});

describe("a comment without a verb", () => {
  it.each([
    "Of the last calls.",
    "What a caller sends.",
    "Undefined: none is set.",
    "How long it waits.",
    "Whose turn it is.",
  ])("a comment without a verb is found: %s", (text) => {
    expect(found("packages/a/src/a.ts", `/** ${text} */`)).toHaveLength(1);
    expect(found("packages/a/src/a.ts", `const a = 1; // ${text}`)).toHaveLength(1);
  });

  it.each([
    "Start times of the most recent calls, oldest first.",
    "Returns what the caller sent.",
    "In Workers, a timer needs a request.",
    "As RFC 9110 says, a date is allowed.",
  ])("a comment without a verb is not found: %s", (text) => {
    expect(found("packages/a/src/a.ts", `/** ${text} */`)).toEqual([]);
  });

  it("a comment without a verb may stand in a document, where a heading can be a question word", () => {
    expect(found("docs/a.md", "## What it costs")).toEqual([]);
  });
});

describe("a home-made word", () => {
  it("a home-made word is found in the gateway's names, unless it is the defined term", () => {
    const names = (code: string): string[] => found("packages/gateway/src/http/a.ts", code);
    for (const code of [
      "readReceiverUrl();",
      "RECEIVER_SERVICE_A",
      "isHeld;",
      "keepToken();",
      "sendAgain();",
      "foreign;",
    ])
      expect(names(code), code).toHaveLength(1);
    for (const code of ["newWorkflowReceiverId();", "holdEvent(heldEvents);", "storeToken();", 'const all = "again";'])
      expect(names(code), code).toEqual([]);
  });

  it("a home-made word is found in the names of every library and script", () => {
    for (const path of ["packages/codegen/src/a.ts", "packages/client/src/a.ts", "scripts/a.ts"]) {
      for (const code of [
        "const place = 1;",
        "bodyPlace;",
        "readFacts();",
        "const facts = [];",
        "foreign;",
        "keepOurs();",
      ])
        expect(found(path, code), code).toHaveLength(1);
      for (const code of [
        "replaced; placeId;",
        '"written in place";',
        'join("../shared/facts");',
        "keepAlive;",
        "// A place.",
      ])
        expect(found(path, code), code).toEqual([]);
    }
  });

  it("a receiver in a document of the gateway is found, unless it is a workflow receiver", () => {
    expect(found("docs/design/gateway.md", "A receiver that hangs delays nobody.")).toHaveLength(1);
    expect(
      found("docs/design/gateway.md", "A workflow receiver has `receiver` in `/workflows/<app>/{receiver}`."),
    ).toEqual([]);
  });

  it("a home-made word is found in names, comments, documents and SQL, with the term to use", () => {
    expect(checkVoice("packages/a/src/a.ts", "const callWishes = 1;")[0]?.message).toBe('"lWishes": use call options');
    expect(found("packages/a/src/a.ts", "// Wakes the keeper.")).toHaveLength(1);
    expect(found("docs/a.md", "It is read anew.")).toHaveLength(1);
    expect(found("packages/a/migrations/1.sql", "CREATE TABLE silence (id TEXT);")).toHaveLength(1);
  });

  it("a home-made word that is a name only is allowed in prose", () => {
    expect(found("docs/a.md", "It is wanted and asked.")).toEqual([]);
    expect(found("packages/a/src/a.ts", "const wanted = 1;")).toHaveLength(1);
  });

  it("a home-made word is not found in the field's own terms", () => {
    expect(found("docs/a.md", "A dead letter, an in-flight call, a lifetime, a lifecycle event.")).toEqual([]);
  });
});

describe("an error message", () => {
  it.each([
    "baseUrl must be an absolute http(s) URL, got {}",
    'unknown field "scop"; did you mean "scopes"?',
    "endpoint not found",
    "HighLevel did not answer within {} ms",
    "{} is missing",
    "auth: {}",
  ])("an error message within the grammar is accepted: %s", (text) => {
    expect(messageFault(text)).toBeUndefined();
  });

  it.each([
    ["The body must be JSON.", "ends in a full stop"],
    ["The body must be JSON", "begins with a capital"],
    ["the body is no JSON", 'says "is no" instead of what it must be'],
    ["an https address of a public name", "has no verb"],
    ["every action says why, in description", "states a rule instead of the fault"],
  ])("an error message outside the grammar is found: %s", (text, fault) => {
    expect(messageFault(text)).toBe(fault);
  });

  it("an error message is found where an error is made, whatever the message is put together from", () => {
    const text =
      'throw new SomeError(a ? "the body is no JSON" : b + " must be JSON");\nthrow new OtherError("The end.", b);';
    expect(found("packages/a/src/a.ts", text)).toEqual([
      '1 message says "is no" instead of ',
      "2 message ends in a full stop: The",
    ]);
    expect(found("packages/a/test/a.ts", text)).toEqual([]);
  });
});
