import { describe, expect, it } from "vitest";
import { codesByPackage, missingEntries } from "../error-reference/codes.ts";
import { GATEWAY_REPORT_CODES } from "../error-reference/packages/gateway.ts";
import { PACKAGE_ERRORS } from "../error-reference/packages.ts";
import { errorReference } from "../error-reference/page.ts";

/** Anchor that GitHub gives to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
const file = (path: string, text: string) => ({ path, text });

describe("the error reference", () => {
  it("the error reference finds whole codes in the sources of packages and of the gateway, and no prefixes", () => {
    const named = codesByPackage([
      file("packages/client/src/errors.ts", 'code = "ERR_GHL_A"; type T = `ERR_GHL_B_'),
      file("packages/client/test/errors.test.ts", '"ERR_GHL_C"'),
      file("packages/client/src/generated/x.gen.ts", '"ERR_GHL_D"'),
      file("packages/gateway/src/platform/x.ts", '"ERR_GHL_E"'),
    ]);
    expect(named).toEqual(
      new Map([
        ["client", new Set(["ERR_GHL_A"])],
        ["gateway", new Set(["ERR_GHL_E"])],
      ]),
    );
  });

  it("the error reference reports a code without an entry, and an entry without a code", () => {
    const named = new Map([["client", new Set(["ERR_GHL_A", "ERR_GHL_B"])]]);
    expect(missingEntries(named, { client: { ERR_GHL_A: {}, ERR_GHL_C: {} } })).toEqual([
      "ERR_GHL_B of client has no entry",
      "ERR_GHL_C has an entry and is not named in client",
    ]);
  });

  it("the error reference says for each code what happened and what to do, in sentences", () => {
    const entries = [...Object.values(PACKAGE_ERRORS), GATEWAY_REPORT_CODES].flatMap((codes) => Object.entries(codes));
    expect(entries.length).toBeGreaterThan(100);
    for (const [code, { cause, remedy }] of entries) {
      expect(cause, code).toMatch(/^[A-Z`\d].*\.$/);
      expect(remedy, code).toMatch(/^[A-Z`].*\.$/);
    }
  });

  it("the error reference has a heading for each refusal, whose anchor is the code in small letters", () => {
    const page = errorReference({
      not_found: { status: 404, title: "Not found", cause: "A cause.", remedy: "Do it." },
    });
    expect(page).toContain("### ERR_GHL_GATEWAY_NOT_FOUND\n\n404 · Not found. A cause.\n\n**What to do.** Do it.\n");
    expect(page).toContain("### ERR_GHL_WEBHOOK_BODY_TIMEOUT\n");
  });

  it("the error reference gives every entry an anchor of its own, and links the entries of a shared code", () => {
    const page = errorReference({});
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
    expect(anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at)).toEqual([]);
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(targets).toContain("err_ghl_timeout-oauth");
    expect(targets.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});
