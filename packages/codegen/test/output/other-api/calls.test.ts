import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { calling, callOf } from "../../support/other-api.ts";

const CONFIGURATION = { code: "ERR_GHL_CONFIGURATION" };
const PARAMETER = { code: "ERR_GHL_PARAMETER" };

describe("the server of a call", () => {
  const fetch =
    (sent: string[]) =>
    async ({ url }: Request) => {
      sent.push(url);
      return new Response(null, { status: 204 });
    };

  test("a call goes to the document's server, an operation's own where it has one, and to baseUrl before both", async () => {
    const sent: string[] = [];
    const results = await callOf("results", { fetch: fetch(sent) });
    await results("open");
    await results("elsewhere");
    const proxied = await callOf("results", { fetch: fetch(sent), baseUrl: "https://proxy.example/p" });
    await proxied("elsewhere");
    expect(sent).toEqual([
      "https://results.example/v1/open",
      "https://other.example/elsewhere",
      "https://proxy.example/p/elsewhere",
    ]);
  });

  test("a call without a server fails before anything is sent", async () => {
    const sent: string[] = [];
    const schemas = await callOf("schemas", { fetch: fetch(sent) });
    await expect(schemas("listPets")).rejects.toMatchObject(CONFIGURATION);
    expect(sent).toEqual([]);
  });
});

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

describe("parameters", () => {
  test("parameters of a query are written in their styles", async () => {
    const { call, arrived } = await calling("parameters");
    await call("query", {
      filter: { name: "a b", tags: ["x"], at: { gt: 1 } },
      ids: [1, 2],
      csv: ["a,b", "c"],
      spaced: ["a", "b"],
      piped: ["a", "b"],
      point: { x: 1, y: 2 },
      flat: { x: 1 },
      json: { a: [1] },
      url: "https://a.example/?b=c&d",
      missing: undefined,
    });
    expect(arrived[0]?.url.slice("/query?".length).split("&")).toEqual([
      "csv=a%2Cb,c",
      "filter%5Bname%5D=a%20b",
      "filter%5Btags%5D%5B0%5D=x",
      "filter%5Bat%5D%5Bgt%5D=1",
      "flat=x,1",
      "ids=1",
      "ids=2",
      "json=%7B%22a%22%3A%5B1%5D%7D",
      "piped=a%7Cb",
      "x=1",
      "y=2",
      "spaced=a%20b",
      "url=https://a.example/?b%3Dc%26d",
    ]);
  });

  test("parameters of a path are written in their styles", async () => {
    const { call, arrived } = await calling("parameters");
    await call("path", { list: ["a/b", "c"], point: { x: 1, y: 2 }, label: ["l", "m"], matrix: ["n", "o"] });
    expect(arrived[0]?.url).toBe("/path/a%2Fb,c/x=1,y=2/.l.m;matrix=n,o");
  });

  test("parameters have a place in headers and cookies, and a name of their own where another has it", async () => {
    const { call, arrived } = await calling("parameters");
    await call("places", {
      id: "in the path",
      queryId: "in the query",
      queryBody: "too",
      "X-Request-Id": "r1",
      "X-Tags": ["a", "b"],
      session: "s;1",
      seen: ["p", "q"],
      body: ["the body"],
    });
    expect(arrived[0]?.url).toBe("/places/in%20the%20path?body=too&id=in%20the%20query");
    expect(arrived[0]?.headers).toMatchObject({
      "x-request-id": "r1",
      "x-tags": "a,b",
      cookie: "seen=p,q; session=s%3B1",
      accept: "application/json",
      authorization: "Bearer secret",
    });
    expect(arrived[0]?.body.toString()).toBe('["the body"]');
  });

  test("parameters are not taken from what every object has", async () => {
    const { call, arrived } = await calling("awkward");
    await call("getPetsByPetIdPhotoByFormat", { petId: 1, format: "jpg", "filter[name]": "a", $top: 5 });
    expect(arrived[0]?.url).toBe("/pets/1/photo.jpg?%24top=5&filter%5Bname%5D=a");
  });

  const path = { list: ["a"], point: { x: 1 }, label: ["l"], matrix: ["m"] };
  test.each<[string, string, object, string]>([
    ["null in a list", "query", { ids: [null] }, "ids"],
    ["an object in a list", "query", { ids: [{}] }, "ids"],
    ["a list in an object that is not deepObject", "query", { point: { x: [1] } }, "point"],
    ["a Map", "query", { filter: new Map() }, "filter"],
    ["a function", "query", { csv: () => 1 }, "csv"],
    ["NaN", "query", { ids: [Number.NaN] }, "ids"],
    ["a misspelt name", "query", { csvs: ["a"] }, "csvs"],
    ["a missing path parameter", "path", { ...path, list: undefined }, "list"],
    ["a path parameter that climbs", "path", { ...path, list: [".."] }, "{list}"],
    ["an empty list in a path", "path", { ...path, list: [] }, "{list}"],
    ["a line break in a header", "places", { id: "1", "X-Request-Id": "a\nb", body: [] }, "X-Request-Id"],
  ])("%s is refused by name before anything is sent", async (_, name, params, parameter) => {
    const { call, arrived } = await calling("parameters");
    await expect(call(name, params)).rejects.toMatchObject({ ...PARAMETER, parameter });
    expect(arrived).toEqual([]);
  });

  test("a path segment that would lead elsewhere is refused with what would be right", async () => {
    const { call } = await calling("parameters");
    await expect(call("path", { ...path, list: [".."] })).rejects.toThrow(
      '{list} must be a path segment other than "", "." and "..", got ".."',
    );
  });
});

describe("an answer", () => {
  test.each<[string, string, object, unknown]>([
    ["nothing where nothing is documented", "getNothing", { body: "" }, undefined],
    ["JSON where nothing is documented", "getNothing", { type: "application/json", body: "[1]" }, [1]],
    ["text where nothing is documented", "getNothing", { type: "text/plain", body: "OK" }, "OK"],
    ["nothing where it may be", "getMaybe", { body: "" }, undefined],
    ["JSON of a vendor", "getMust", { type: "application/hal+json", body: '"x"' }, "x"],
    ["JSON of the default answer", "getFallback", { type: "application/json", body: "7" }, 7],
    ["JSON where a file may come too", "getEither", { type: "application/json", body: '{"a":1}' }, { a: 1 }],
    ["an OPTIONS", "optionsThing", { status: 204 }, undefined],
    ["a QUERY", "queryThing", { type: "application/json", body: '{"q":1}' }, { q: 1 }],
  ])("an answer is read by its content type: %s", async (_, name, reply, expected) => {
    const { call } = await calling("results", reply);
    expect(await call(name)).toEqual(expected);
  });

  test("nothing where JSON is promised, and HTML where it may be nothing, are errors", async () => {
    const empty = await calling("results", { body: "" });
    await expect(empty.call("getMust")).rejects.toMatchObject({ code: "ERR_GHL_INVALID_RESPONSE" });
    const html = await calling("results", { type: "text/html", body: "<p>" });
    await expect(html.call("getMaybe")).rejects.toMatchObject({ code: "ERR_GHL_INVALID_RESPONSE" });
  });

  test("a file is a Blob, also where JSON may come", async () => {
    const { call, arrived } = await calling("results", { type: "application/pdf", body: "PDF" });
    for (const name of ["getFile", "getEither"]) expect(await ((await call(name)) as Blob).text()).toBe("PDF");
    expect(arrived.map(({ headers }) => headers.accept)).toEqual(["image/png", "application/json, application/pdf"]);
  });

  test("a HEAD is answered with its headers", async () => {
    const { call, arrived } = await calling("results");
    expect(((await call("headThing")) as Headers).get("x-from")).toBe("test");
    expect(arrived[0]?.method).toBe("HEAD");
  });

  test("a method and a token are those of the document", async () => {
    const { call, arrived } = await calling("results");
    await call("queryThing", { body: { a: 1 } });
    await call("open");
    expect(arrived[0]).toMatchObject({ method: "QUERY", headers: { authorization: "Bearer secret" } });
    expect(arrived[1]?.headers).not.toHaveProperty("authorization");
  });
});

interface Events extends AsyncIterable<{ event: string; data: string; id: string }> {
  cancel(): Promise<void>;
}

describe("an event stream", () => {
  /** A server whose stream never ends by itself: it writes the events, and notes when the client has gone. */
  async function streaming(type = "text/event-stream") {
    let gone = (): void => {};
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const server = createServer((_, response) => {
      response.on("close", gone);
      response.writeHead(200, { "content-type": type });
      response.write(": hello\nevent: greet\nid: 1\ndata: a\ndata: b\r\n\r\ndata: second\n\n");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { left, call: await callOf("results", { baseUrl }) };
  }

  test.each(["getEvents", "chat"])(
    "an event stream of %s is read as it arrives, and leaving it frees the connection",
    async (name) => {
      const { call, left } = await streaming();
      const found: object[] = [];
      for await (const event of (await call(name)) as Events) {
        found.push(event);
        if (found.length === 2) break;
      }
      expect(found).toMatchObject([
        { event: "greet", data: "a\nb", id: "1" },
        { event: "message", data: "second", id: "1" },
      ]);
      await left;
    },
  );

  test("an event stream ends with cancel, without having been read", async () => {
    const { call, left } = await streaming();
    await ((await call("getEvents")) as Events).cancel();
    await left;
  });

  test("an event stream ends with the signal of the call, with its reason", async () => {
    const { call, left } = await streaming();
    const controller = new AbortController();
    const events = (await call("getEvents", undefined, { signal: controller.signal })) as Events;
    const read = (async () => {
      for await (const _ of events) controller.abort(new Error("enough"));
    })();
    await expect(read).rejects.toThrow("enough");
    await left;
  });

  test("an answer that is no event stream is an error", async () => {
    const { call } = await calling("results", { type: "application/json", body: "{}" });
    await expect(call("getEvents")).rejects.toMatchObject({ code: "ERR_GHL_INVALID_RESPONSE" });
  });
});
