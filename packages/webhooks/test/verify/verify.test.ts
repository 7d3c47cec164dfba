import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWebhookVerifier, verifyWebhook, type WebhookHeaders } from "../../src/index.ts";
import { JSON_VARIANTS } from "../json-variants.ts";
import { APP_ID, at, NOW, now, pair, signed } from "../support.ts";

const code = (name: string) => expect.objectContaining({ code: `ERR_GHL_WEBHOOK_${name}` });
const BODY = '{"type":"ContactCreate","id":"a"}';

describe("a genuine body is accepted byte for byte", () => {
  it.each(Object.entries(JSON_VARIANTS))("a genuine body is accepted byte for byte: %s", async (_, text) => {
    const { signer, verifier } = await pair();
    const bytes = new TextEncoder().encode(text);
    for (const body of [text, bytes, bytes.buffer]) {
      const { headers } = await signed(signer, text);
      const verified = await verifier.verify({ body, headers });
      expect(verified).toMatchObject({ scheme: "ed25519", keyIndex: 0, payload: JSON.parse(text) });
      expect(verified.body).toEqual(bytes);
    }
  });

  it("a genuine body is refused after it was serialized again", async () => {
    const { signer, verifier } = await pair();
    const refused: string[] = [];
    for (const [name, body] of Object.entries(JSON_VARIANTS)) {
      const { headers } = await signed(signer, body);
      const again = JSON.stringify(JSON.parse(body));
      if (again === body) continue;
      await expect(verifier.verify({ body: again, headers })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
      refused.push(name);
    }
    expect(refused.length).toBeGreaterThanOrEqual(15);
  });
});

describe("a forgery is refused", () => {
  it("a forgery is refused with any bit of the body or the signature inverted", async () => {
    const { signer, verifier } = await pair();
    const bytes = new TextEncoder().encode(BODY);
    const { headers } = await signed(signer, bytes);
    for (let index = 0; index < bytes.length; index++) {
      const body = bytes.slice();
      body[index]! ^= 1 << (index % 8);
      await expect(verifier.verify({ body, headers })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    }
    const signature = Uint8Array.from(atob(headers["x-ghl-signature"]!), (c) => c.charCodeAt(0));
    for (let index = 0; index < signature.length; index++) {
      const turned = signature.slice();
      turned[index]! ^= 1;
      const header = btoa(String.fromCharCode(...turned));
      const forged = verifier.verify({ body: BODY, headers: { "x-ghl-signature": header } });
      await expect(forged).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    }
  });

  it.each<[string, WebhookHeaders]>([
    ["no header", {}],
    ["an empty header", { "x-ghl-signature": "" }],
    ["N/A", { "x-ghl-signature": "N/A" }],
    ["no Headers entry", new Headers()],
    ["the RSA header alone", { "x-wh-signature": "AAAA" }],
    ["the HMAC header alone", { "x-highlevel-signature": "sha256=00" }],
  ])("a forgery is refused with %s", async (_, headers) => {
    const { verifier } = await pair();
    await expect(verifier.verify({ body: BODY, headers })).rejects.toEqual(code("SIGNATURE_MISSING"));
  });

  it.each([
    ["not base64", "!".repeat(88)],
    ["cut", "A".repeat(84)],
    ["hex", "ab".repeat(64)],
    ["unpadded", "A".repeat(86)],
  ])("a forgery is refused with a signature that is %s", async (_, header) => {
    const { verifier } = await pair();
    const forged = verifier.verify({ body: BODY, headers: { "x-ghl-signature": header } });
    await expect(forged).rejects.toEqual(code("SIGNATURE_MALFORMED"));
  });

  it("a forgery is refused with the header twice, one of them right", async () => {
    const { signer, verifier } = await pair();
    const right = await signer.sign(BODY);
    const wrong = await signer.sign("other");
    for (const value of [
      [right, wrong],
      [wrong, right],
    ]) {
      const forged = verifier.verify({ body: BODY, headers: { "x-ghl-signature": value } });
      await expect(forged).rejects.toEqual(code("SIGNATURE_MALFORMED"));
    }
  });

  it("a forgery is refused with the key of another signer, without or with another appId, as an array", async () => {
    const { verifier } = await pair({ appId: APP_ID });
    const { signer: other } = await pair();
    for (const body of [BODY, '{"type":"INSTALL","appId":"other"}', `[{"appId":"${APP_ID}"}]`]) {
      await expect(verifier.verify(await signed(other, body))).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    }
  });
});

describe("the headers of a delivery", () => {
  it("the headers of a delivery are found in any letter case and any supported type", async () => {
    const { signer, verifier } = await pair();
    const value = await signer.sign(BODY);
    const forms: WebhookHeaders[] = [
      { "X-GHL-Signature": value },
      { "x-ghl-signature": [value] },
      { "x-GHL-signature": ` ${value} ` },
      new Headers({ "X-GHL-Signature": value }),
    ];
    for (const headers of forms) expect((await verifier.verify({ body: BODY, headers })).keyIndex).toBe(0);
  });
});

describe("the option appId", () => {
  const app = (fields: object) => JSON.stringify({ type: "TaskCreate", ...fields });

  it("the option appId refuses a genuine event of another app", async () => {
    const { signer, verifier } = await pair({ appId: APP_ID });
    const bodies = [
      app({ appId: "other" }),
      app({ appId: 5 }),
      `[${app({ appId: APP_ID })},${app({ appId: "other" })}]`,
    ];
    for (const body of bodies) {
      await expect(verifier.verify(await signed(signer, body))).rejects.toEqual(code("APP_MISMATCH"));
    }
  });

  it("the option appId accepts a client id, and a list of apps", async () => {
    for (const appId of [APP_ID, `${APP_ID}-m1x2y3z4`, ["x", APP_ID]]) {
      const { signer, verifier } = await pair({ appId });
      expect((await verifier.verify(await signed(signer, app({ appId: APP_ID })))).appId).toBe(APP_ID);
    }
  });

  it("the option appId refuses an event without an app in which HighLevel is known to write one", async () => {
    const body = '{"type":"ContactCreate"}';
    const { signer, verifier } = await pair({ appId: APP_ID });
    await expect(verifier.verify(await signed(signer, body))).rejects.toEqual(code("APP_MISSING"));
    for (const options of [{}, { appId: APP_ID, requireAppId: false }]) {
      const lenient = createWebhookVerifier({ ...options, keys: [signer.publicKey], now });
      expect((await lenient.verify(await signed(signer, body))).appId).toBeUndefined();
      const install = await signed(signer, '{"type":"INSTALL"}');
      await expect(lenient.verify(install)).rejects.toEqual(code("APP_MISSING"));
    }
  });

  it("the option appId accepts an event that names no app unless requireAppId is set", async () => {
    const loose = await pair({ appId: APP_ID });
    expect((await loose.verifier.verify(await signed(loose.signer, app({})))).appId).toBeUndefined();
    const strict = await pair({ appId: APP_ID, requireAppId: true });
    for (const body of [app({}), app({ appId: "" }), app({ appId: null }), "[]", "3"]) {
      await expect(strict.verifier.verify(await signed(strict.signer, body))).rejects.toEqual(code("APP_MISSING"));
    }
  });
});

describe("the time of an event", () => {
  const dated = (ageMs: number) => JSON.stringify({ type: "UNINSTALL", appId: APP_ID, timestamp: at(ageMs) });
  const HOUR = 3_600_000;

  it.each([
    ["fresh", 0],
    ["fresh", 73 * HOUR],
    ["fresh", -5 * 60_000],
  ])("the time of an event is %s at an age of %i ms", async (freshness, ageMs) => {
    const { signer, verifier } = await pair();
    const verified = await verifier.verify(await signed(signer, dated(ageMs)));
    expect(verified).toMatchObject({ freshness, ageMs, timestampMs: NOW - ageMs });
  });

  it.each([
    ["stale", 73 * HOUR + 1],
    ["early", -5 * 60_000 - 1],
  ] as const)(
    "the time of an event is %s at an age of %i ms, and the event is refused or on request reported",
    async (freshness, ageMs) => {
      const { signer, verifier } = await pair();
      const delivery = await signed(signer, dated(ageMs));
      await expect(verifier.verify(delivery)).rejects.toMatchObject({
        code: "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW",
        ageMs,
      });
      const reporting = await verifyWebhook({ ...delivery, keys: [signer.publicKey], now, outsideWindow: "report" });
      expect(reporting.freshness).toBe(freshness);
    },
  );

  it("the time of an event is that of the oldest item in a list", async () => {
    const { signer, verifier } = await pair();
    const delivery = await signed(signer, `[${dated(0)},${dated(74 * HOUR)}]`);
    await expect(verifier.verify(delivery)).rejects.toEqual(code("TIMESTAMP_OUTSIDE_WINDOW"));
  });

  it("the time of an event may be missing unless requireTimestamp is set", async () => {
    const { signer, verifier } = await pair();
    const strict = createWebhookVerifier({ keys: [signer.publicKey], requireTimestamp: true });
    const undated = `{"type":"UNINSTALL","appId":"${APP_ID}","timestamp":"21 Nov 2026"}`;
    await expect(verifier.verify(await signed(signer, undated))).rejects.toEqual(code("TIMESTAMP_MISSING"));
    for (const body of [
      "{}",
      '{"timestamp":"soon"}',
      '{"timestamp":5}',
      '{"timestamp":"5"}',
      '{"timestamp":"2026-11-21"}',
      '{"timestamp":"2026-13-41T99:00:00Z"}',
      "[]",
      "null",
    ]) {
      const delivery = await signed(signer, body);
      expect((await verifier.verify(delivery)).freshness).toBe("undated");
      await expect(strict.verify(delivery)).rejects.toEqual(code("TIMESTAMP_MISSING"));
    }
  });

  it.each(["2026-11-21T10:00:00Z", "2026-11-21T10:00:00", "2026-11-21T12:00:00.000+02:00", "2026-11-21T05:30:00-0430"])(
    "%s is ten o'clock UTC, whatever the zone of this machine",
    async (timestamp) => {
      const { signer, verifier } = await pair();
      expect((await verifier.verify(await signed(signer, JSON.stringify({ timestamp })))).timestampMs).toBe(NOW);
    },
  );

  it("the time of an event may be any with an infinite tolerance", async () => {
    const { signer, verifier } = await pair({ toleranceMs: Number.POSITIVE_INFINITY });
    expect((await verifier.verify(await signed(signer, dated(1e12)))).freshness).toBe("fresh");
  });
});

it("a verifier accepts any signed JSON and nothing else", async () => {
  const { signer, verifier } = await pair();
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.json(), async (body, other) => {
      const { headers } = await signed(signer, body);
      expect((await verifier.verify({ body, headers })).payload).toEqual(JSON.parse(body));
      if (other !== body)
        await expect(verifier.verify({ body: other, headers })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    }),
    { numRuns: 50 },
  );
});

it("a genuine body that is not JSON is refused without quoting it", async () => {
  const { signer, verifier } = await pair();
  for (const body of ["secret text", "", '{"a":', new Uint8Array([0x22, 0xff, 0x22])]) {
    const error = await verifier.verify(await signed(signer, body)).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "ERR_GHL_WEBHOOK_NOT_JSON" });
    expect(String((error as Error).cause)).not.toContain("secret");
    await verifier.verifySignature(await signed(signer, body));
  }
});

it("the result reports that HighLevel left out the data of a body that was too large", async () => {
  const { signer, verifier } = await pair();
  const flags = ['"payloadTooLarge":true,', '"payloadTooLarge":false,', '"payloadTooLarge":"no",', ""];
  const truncated = [];
  for (const flag of flags) {
    const { isTruncated } = await verifier.verify(await signed(signer, `{${flag}"type":"NoteCreate"}`));
    truncated.push(isTruncated);
  }
  expect(truncated).toEqual([true, false, false, false]);
});

it("a verifier that has not imported its keys yet handles 64 deliveries at once", async () => {
  const { signer, verifier } = await pair();
  const delivery = await signed(signer, BODY);
  const all = await Promise.all(Array.from({ length: 64 }, () => verifier.verify(delivery)));
  expect(all.every(({ keyIndex }) => keyIndex === 0)).toBe(true);
});
