import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRedactedUrl, redactedJson, redactedUrl, redactUrls } from "../../../src/domain/delivery/secret-url.ts";

const secret = fc.stringMatching(/^s3cret[A-Za-z0-9]{4,20}$/);

describe("an address", () => {
  test("an address is shown by its origin, and the shown form gives the same again", () => {
    const url = "https://hooks.zapier.com/hooks/catch/1/abc/?x=1";
    expect(redactedUrl(url)).toBe("https://hooks.zapier.com/…");
    expect(redactedUrl(redactedUrl(url))).toBe(redactedUrl(url));
    expect(isRedactedUrl(redactedUrl(url))).toBe(true);
    expect(isRedactedUrl(new URL("https://a.example/…").href)).toBe(false);
  });

  test("an address in a text loses user, path, query and fragment, and nothing else", () => {
    expect(
      redactUrls('see HTTPS://u:p@a.example:8/x?y#z, <http://b.example/>, "https://c.example?d" or ftp://e/f'),
    ).toBe('see HTTPS://a.example:8/… <http://b.example/>, "https://c.example/…" or ftp://e/f');
  });
});

describe("JSON", () => {
  test("JSON without an address stays as it was written", () => {
    const json = ' {"a" : 1.0, "b":"\\u00e9", "c":"http"}';
    expect(redactedJson(json)).toBe(json);
  });

  test("JSON loses the secret of every address, wherever it stands and however it is escaped", () => {
    fc.assert(
      fc.property(secret, fc.jsonValue(), (word, around) => {
        const url = `https://hooks.slack.com/services/${word}?t=${word}`;
        const value = { around, list: [url, { [url]: `to ${url}.` }], "": { url } };
        const plain = JSON.stringify(value);
        const unicode = plain.replaceAll("/", "\\u002f");
        for (const json of [plain, plain.replaceAll("/", "\\/"), unicode]) {
          const redacted = redactedJson(json);
          expect(redacted).not.toContain(word);
          expect((JSON.parse(redacted) as typeof value).around).toEqual(JSON.parse(JSON.stringify(around)));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("JSON of any depth is cut without recursion", () => {
    const deep = `${"[".repeat(100_000)}"https:\\/\\/a.example\\/s3cret"${"]".repeat(100_000)}`;
    expect(redactedJson(deep)).not.toContain("s3cret");
  });
});
