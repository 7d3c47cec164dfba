import { describe, expect, it } from "vitest";
import { checkVoice } from "../../voice/check.ts";
import { testNameFault, testNamesOf } from "../../voice/test-names.ts";

const faultOf = (text: string): string | undefined => testNameFault({ kind: "test", text });
const groupFaultOf = (text: string): string | undefined => testNameFault({ kind: "group", text });

describe("the name of a test", () => {
  it.each([
    "a hanging endpoint does not delay other endpoints",
    "%s is refused",
    "$name refuses each $option that sets no limit, by its name",
    "verifyWebhook refuses a body whose signature is of another key",
    "names that HighLevel repeats are stored once",
    "answers can be read twice",
    "signed bodies are accepted",
    "a call that fails is repeated",
    "an installation that began in the marketplace is stored",
    "GET is answered",
    "two calls share one permit",
    "no event is missing",
    "only the first call sends a request",
    "after a restart, the token is read from the store",
    "--input: a document is read from an address",
    "page: the strategy counts from the first page",
  ])("a sentence is accepted: %s", (text) => {
    expect(faultOf(text)).toBeUndefined();
  });

  it.each([
    "refuses a body whose signature is of another key",
    "is kept",
    "answers 404 for an unknown endpoint",
    "names the required scheme",
    "answers 408 after 30 s, even while chunks still arrive",
    "name the required scheme",
    "have one order",
    "with the key of another signer",
    "that it ends",
    "of one location is sent twice",
    "what HighLevel answers is returned",
    "refused with 401",
    "its end cancels the deliveries",
    "never loops",
    "label: refuses a body",
    "after a restart, is read from the store",
  ])("a name without a subject is found: %s", (text) => {
    expect(faultOf(text)).toBe("has no subject");
  });

  it.each([
    "%s",
    "$title",
    "the third and the fourth",
    "an app that is not here",
    "a number where a text is described",
    "a status instead of the answer",
  ])("a name without a verb is found: %s", (text) => {
    expect(faultOf(text)).toBe("has no verb");
  });

  it("a name has at most 25 words", () => {
    expect(faultOf(`a call is ${"sent ".repeat(22).trim()}`)).toBeUndefined();
    expect(faultOf(`a call is ${"sent ".repeat(23).trim()}`)).toBe("has 26 words");
  });
});

describe("the name of a group", () => {
  it.each(["a genuine delivery", "createClient", "%s", "429", "the URL, which nobody signs", "refresh", "retries"])(
    "a noun phrase is accepted: %s",
    (text) => {
      expect(groupFaultOf(text)).toBeUndefined();
    },
  );

  it.each([
    "what HighLevel refuses",
    "with node:http,",
    "during a rotation",
    "is refused",
    "refused, and nothing stored",
  ])("a group that is no noun phrase is found: %s", (text) => {
    expect(groupFaultOf(text)).toBe("is no noun phrase");
  });
});

describe("the names in a file", () => {
  const names = (code: string): string[] =>
    testNamesOf("a.test.ts", code).map(({ line, kind, text }) => `${line} ${kind} ${text}`);

  it("names are found in every form of a call, with their lines", () => {
    const code = [
      'describe("a body", () => {',
      '  it("is read", () => {});',
      '  it.each([1, 2])("is %s", () => {});',
      `  test.skipIf(true).for([1])(\`is \${size} long\`, () => {});`,
      `  it.each\`a\n\${1}\`("is $a", () => {});`,
      "});",
    ].join("\n");
    expect(names(code)).toEqual([
      "1 group a body",
      "2 test is read",
      "3 test is %s",
      "4 test is {} long",
      "6 test is $a",
    ]);
  });

  it("names of other calls are ignored", () => {
    expect(names('/a/.test("is read"); submit("is read", 1); it(name, () => {});')).toEqual([]);
  });

  it("names are checked in test files alone", () => {
    const code = 'it("is read", () => {});';
    expect(checkVoice("packages/webhooks/test/a.test.ts", code)).toEqual([
      { rule: "test-name", path: "packages/webhooks/test/a.test.ts", line: 1, message: "has no subject: is read" },
    ]);
    expect(checkVoice("packages/webhooks/test/a.ts", code)).toEqual([]);
  });
});
