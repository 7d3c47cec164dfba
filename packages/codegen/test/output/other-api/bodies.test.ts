import { describe, expect, test } from "vitest";
import { calling } from "../../support/other-api.ts";

const PARAMETER = { code: "ERR_GHL_PARAMETER" };

describe("a body", () => {
  test.each<[string, string, unknown, string, string]>([
    ["JSON false", "sendJson", false, "application/json", "false"],
    ["JSON 0", "sendJson", 0, "application/json", "0"],
    ["JSON text", "sendJson", "", "application/json", '""'],
    ["JSON null", "sendJson", null, "application/json", "null"],
    ["JSON of a vendor", "sendPatch", { name: "Rex" }, "application/vnd.pets+json", '{"name":"Rex"}'],
    ["bytes", "sendBytes", new Uint8Array([0, 255, 10]).subarray(1), "application/octet-stream", "\xff\n"],
    ["an ArrayBuffer", "sendBytes", new Uint8Array([1, 2]).buffer, "application/octet-stream", "\x01\x02"],
    ["an image", "sendImage", new Blob(["PNG"], { type: "image/png" }), "image/png", "PNG"],
    ["one of two images", "sendEither", new Blob(["JPG"], { type: "image/jpeg" }), "image/jpeg", "JPG"],
    ["text", "sendText", "one\ntwo", "text/plain", "one\ntwo"],
    ["XML", "sendXml", "<a>1</a>", "application/xml", "<a>1</a>"],
    ["anything", "sendAnything", new Blob(["x"], { type: "audio/wav" }), "audio/wav", "x"],
  ])("a body is sent as its type requires: %s", async (_, name, body, type, bytes) => {
    const { call, arrived } = await calling("bodies");
    await call(name, { body });
    expect(arrived[0]?.headers["content-type"]).toBe(type);
    expect(arrived[0]?.body.toString("latin1")).toBe(bytes);
  });

  test("a body that is not given is not sent", async () => {
    const { call, arrived } = await calling("bodies");
    await call("sendJson", { body: undefined });
    expect(arrived[0]?.headers).not.toHaveProperty("content-type");
    expect(arrived[0]?.body.byteLength).toBe(0);
  });

  test.each<[string, string, unknown]>([
    ["an object where bytes are documented", "sendBytes", { a: 1 }],
    ["an image of no known type", "sendImage", new Uint8Array([1])],
    ["text where one of two images is documented", "sendEither", "x"],
    ["a stream, which cannot be sent again", "sendBytes", new ReadableStream()],
    ["a function where JSON is documented", "sendJson", () => 1],
    ["a Map in JSON", "sendJson", { a: new Map() }],
    ["a Map in a part of a form", "upload", { meta: { a: new Map() } }],
    ["a text where a form is documented", "sendForm", "a=1"],
    ["a Map in a form", "sendForm", { card: new Map() }],
    ["NaN in a form", "sendForm", { name: Number.NaN }],
  ])("%s is refused before anything is sent", async (_, name, body) => {
    const { call, arrived } = await calling("bodies");
    await expect(call(name, { body })).rejects.toMatchObject(PARAMETER);
    expect(arrived).toEqual([]);
  });

  test("the caller may say the media type that the document leaves open", async () => {
    const { call, arrived } = await calling("bodies");
    await call("sendImage", { body: new Uint8Array([1]) }, { headers: { "Content-Type": "image/gif" } });
    expect(arrived[0]?.headers["content-type"]).toBe("image/gif");
  });

  test("a form writes what is nested as its document says, and with brackets where it says nothing", async () => {
    const { call, arrived } = await calling("bodies");
    await call("sendForm", {
      body: {
        name: "a&b c",
        tags: ["x", "y"],
        card: { number: "1", holder: { name: "Ada" }, codes: [1, 2], no: undefined },
        metadata: { "order id": 5 },
        flat: { p: 1, q: true },
        raw: { z: [1] },
      },
    });
    expect(arrived[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(arrived[0]?.body.toString())]).toEqual([
      ["name", "a&b c"],
      ["tags", "x"],
      ["tags", "y"],
      ["card[number]", "1"],
      ["card[holder][name]", "Ada"],
      ["card[codes][0]", "1"],
      ["card[codes][1]", "2"],
      ["metadata[order id]", "5"],
      ["p", "1"],
      ["q", "true"],
      ["raw", '{"z":[1]}'],
    ]);
  });

  test("a multipart part has the type its document says", async () => {
    const { call, arrived } = await calling("bodies");
    await call("upload", {
      body: { file: new Blob(["hi"], { type: "text/plain" }), meta: { a: 1 }, note: { b: 2 } },
    });
    const form = await new Response(arrived[0]?.body, {
      headers: arrived[0]?.headers as Record<string, string>,
    }).formData();
    expect(await (form.get("file") as File).text()).toBe("hi");
    expect(form.get("meta")).toBe('{"a":1}');
    expect((form.get("note") as File).type).toBe("application/json");
    expect(await (form.get("note") as File).text()).toBe('{"b":2}');
  });
});
