import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REMOVED, removeFromJson, removeFromPairs, removeFromText } from "../../src/core/log/remove-secrets.ts";
import { createEmulator, DEFAULT_APP } from "../../src/index.ts";
import { ask, authorizePath, bearer, installApp, LOCATION, refresh } from "../support.ts";

const RULES = { secrets: ["pit-secret-1"], isOAuth: true };
const word = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/);
const token = fc.tuple(word, word, word).map(([a, b, c]) => `eyJ${a}.${b}.${c}`);

describe("secrets are removed", () => {
  test("secrets are removed from a text, wherever the token stands", () => {
    fc.assert(
      fc.property(fc.string(), token, fc.string(), (before, secret, after) => {
        expect(removeFromText(`${before} ${secret} ${after}`, RULES)).not.toContain(secret);
      }),
    );
  });

  test("secrets are removed from JSON, at any depth and in any list, whatever the token looks like", () => {
    const name = fc.constantFrom(
      "access_token",
      "accessToken",
      "refresh_token",
      "client_secret",
      "Authorization",
      "code",
    );
    const secret = fc.stringMatching(/^~[a-z0-9]{20}~$/);
    fc.assert(
      fc.property(name, secret, fc.jsonValue(), fc.nat(5), (field, value, beside, depth) => {
        let body: unknown = { [field]: value, beside };
        for (let i = 0; i < depth; i++) body = i % 2 === 0 ? [body] : { inner: body };
        const safe = JSON.stringify(removeFromJson(body, RULES));
        expect(safe).toContain(REMOVED);
        expect(safe).not.toContain(value);
      }),
    );
  });

  test("a body without secrets stays as it is", () => {
    const body = { firstName: "Ada", tags: ["a"], nested: { count: 1, none: null }, nextPageToken: "p2", tokens: 5 };
    expect(removeFromJson(body, RULES)).toEqual(body);
    expect(removeFromJson({ code: "SPRING" }, { ...RULES, isOAuth: false })).toEqual({ code: "SPRING" });
  });

  test.each([
    ["Authorization", "Bearer x"],
    ["cookie", "session=x"],
    ["client_secret", "x"],
    ["code", "x"],
  ])("secrets are removed from the header or parameter %s", (name, value) => {
    expect(removeFromPairs([[name, value]], RULES)).toEqual([[name, REMOVED]]);
  });

  test.each(["pit-secret-1", "refresh_token=opaque1", '{"access_token": "opaque1", oops', "bearer opaque1"])(
    "secrets are removed from a text that is no JSON: %s",
    (text) => {
      const safe = removeFromText(text, RULES);
      expect(safe).toContain(REMOVED);
      expect(safe).not.toMatch(/opaque1|pit-secret-1/);
    },
  );

  test("secrets are removed from everything that the page shows of tokens from install to uninstall", async () => {
    const emulator = createEmulator({
      privateTokens: [{ token: "pit-static-9", resource: { kind: "location", id: LOCATION }, scopes: [] }],
    });
    const redirect = await ask(emulator, authorizePath({ locationId: LOCATION }));
    const code = new URL(redirect.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const first = await installApp(emulator);
    const second = (await (await refresh(emulator, first.refresh_token)).json()) as typeof first;
    await ask(emulator, `/contacts/x?note=${second.access_token}`, bearer(second.access_token));
    await ask(emulator, "/contacts/x", bearer("pit-static-9"));
    const html = await (await ask(emulator, "/__emulator")).text();
    expect(html).toContain(REMOVED);
    expect(code).not.toBe("");
    const secrets = [code, first.access_token, first.refresh_token, second.access_token, second.refresh_token];
    for (const secret of [...secrets, "pit-static-9", DEFAULT_APP.clientSecret]) expect(html).not.toContain(secret);
  });
});
