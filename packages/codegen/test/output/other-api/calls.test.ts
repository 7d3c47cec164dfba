import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { calling, callOf } from "../../support/other-api.ts";

const CONFIGURATION = { code: "ERR_GHL_CONFIGURATION" };

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
