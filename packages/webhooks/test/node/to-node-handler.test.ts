import { createServer, request as httpRequest, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express5, { type Express } from "express";
import express4 from "express-4";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createWebhookHandler, type WebhookError, type WebhookHandlerOptions } from "../../src/index.ts";
import { type NodeRequest, type NodeResponse, toNodeHandler } from "../../src/node.ts";
import { createTestSigner, type TestSigner } from "../../src/testing.ts";
import { JSON_VARIANTS } from "../json-variants.ts";
import { APP_ID, now } from "../support.ts";

let signer: TestSigner;
let server: Server | undefined;
beforeAll(async () => {
  signer = await createTestSigner();
});
afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

async function listen(listener: RequestListener | Express): Promise<string> {
  server = createServer(listener as RequestListener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server!.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function recording(options: WebhookHandlerOptions<readonly [NodeRequest, NodeResponse]> = {}) {
  const ran: string[] = [];
  const errors: WebhookError[] = [];
  const webhooks = createWebhookHandler<readonly [NodeRequest, NodeResponse]>({
    keys: [signer.publicKey],
    now,
    onEvent: ({ name }, { args: [request] }) => void ran.push(`${name} ${request.method}`),
    onUnknown: () => void ran.push("unknown"),
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { ran, errors, listener: toNodeHandler(webhooks) };
}

async function post(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const signature = await signer.sign(body);
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-ghl-signature": signature, ...headers },
    body,
  });
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}

const CONTACT = '{"type":"ContactCreate","id":"c1"}';

/** Ways to mount the handler in a server, with a body parser before it. */
type Host = [string, (listener: ReturnType<typeof toNodeHandler>) => RequestListener | Express];
const versions: [string, typeof express5][] = [
  ["Express 5", express5],
  ["Express 4", express4],
];
const expressHosts = ([version, express]: (typeof versions)[number]): Host[] => [
  [version, (listener) => express().post("/hooks", listener)],
  [`${version}, before express.json()`, (listener) => express().post("/hooks", listener).use(express.json())],
  [
    `${version} behind express.raw()`,
    (listener) =>
      express()
        .use(express.raw({ type: "*/*" }))
        .post("/hooks", listener),
  ],
  [
    `${version} behind express.text()`,
    (listener) =>
      express()
        .use(express.text({ type: "*/*" }))
        .post("/hooks", listener),
  ],
  [
    `${version} behind express.json() that keeps the bytes`,
    (listener) =>
      express()
        .use(express.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) }))
        .post("/hooks", listener),
  ],
  [`a router of ${version} below a path`, (listener) => express().use("/hooks", express.Router().post("/", listener))],
];
const hosts: Host[] = [["node:http", (listener) => listener], ...versions.flatMap(expressHosts)];

describe.each(hosts)("%s", (_host, mount) => {
  it("the Node handler verifies the sent bytes in every JSON spelling", async () => {
    const { ran, errors, listener } = recording();
    const url = `${await listen(mount(listener))}/hooks`;
    for (const body of Object.values(JSON_VARIANTS)) expect(await post(url, body), body).toMatchObject({ status: 200 });
    expect(errors).toEqual([]);
    expect(ran).toHaveLength(Object.keys(JSON_VARIANTS).length);
  });

  it("the Node handler refuses a forged body and another method, as the handler does", async () => {
    const { ran, listener } = recording();
    const url = `${await listen(mount(listener))}/hooks`;
    const forged = await post(url, CONTACT, { "x-ghl-signature": await signer.sign("{}") });
    expect(forged).toMatchObject({ status: 401, type: "application/problem+json" });
    expect(ran).toEqual([]);
  });

  it("the Node handler reads the hint of the URL", async () => {
    const { ran, listener } = recording({ appId: APP_ID });
    const url = `${await listen(mount(listener))}/hooks`;
    const body = '{"appId":"5f0000000000000000000001","invoiceNumber":"1"}';
    await post(`${url}?event=InvoicePaid`, body);
    expect(ran).toEqual(["InvoicePaid POST"]);
  });
});

describe.each(versions)("express.json() of %s before the handler", (_version, express) => {
  it("express.json() before the handler causes a 500, and the error explains what to do", async () => {
    const { ran, errors, listener } = recording();
    const url = `${await listen(express().use(express.json()).post("/hooks", listener))}/hooks`;
    const answer = await post(url, CONTACT);
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "ERR_GHL_WEBHOOK_BODY_UNREADABLE" });
    expect(errors[0]?.message).toMatch(/before app\.use\(express\.json\(\)\)(.|\n)*express\.raw(.|\n)*rawBody/);
    expect(ran).toEqual([]);
  });

  it("express.json() before the handler does no harm with a content type that it does not read", async () => {
    const { ran, listener } = recording();
    const url = `${await listen(express().use(express.json()).post("/hooks", listener))}/hooks`;
    expect((await post(url, CONTACT, { "content-type": "text/plain" })).status).toBe(200);
    expect(ran).toEqual(["ContactCreate POST"]);
  });
});

describe("a server of node:http", () => {
  it("a body that is too large is answered with 413, announced or not", async () => {
    const { listener } = recording({ maxBodyBytes: 1_000 });
    const url = await listen(listener);
    expect((await post(url, "x".repeat(100_000))).status).toBe(413);
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(url, { method: "POST" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.write("x".repeat(2_000));
      request.end("x".repeat(2_000));
    });
    expect(chunked).toBe(413);
  });

  it.each([
    ["announced", { "content-length": "1000" }],
    ["not announced", {}],
  ])("a body that does not end, its length %s, is answered with 408 and its connection closed", async (_, headers) => {
    const { errors, listener } = recording({ bodyTimeoutMs: 20 });
    const url = await listen(listener);
    const answer = await new Promise<object>((resolve, reject) => {
      const request = httpRequest(url, { method: "POST", headers }, (response) => {
        response.resume();
        const { statusCode } = response;
        request.once("close", () => resolve({ statusCode, connection: response.headers.connection }));
      });
      request.on("error", () => undefined); // The server closes the connection while the request is being sent.
      request.setTimeout(5_000, () => reject(new Error("the connection is still open")));
      request.write("{");
    });
    expect(answer).toEqual({ statusCode: 408, connection: "close" });
    expect(errors.map(({ code }) => code)).toEqual(["ERR_GHL_WEBHOOK_BODY_TIMEOUT"]);
  });

  it("a GET is answered with 405", async () => {
    const { listener } = recording();
    const response = await fetch(await listen(listener));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("a signature that is sent twice is malformed", async () => {
    const { errors, listener } = recording();
    const url = await listen(listener);
    const signature = await signer.sign(CONTACT);
    const status = await new Promise<number | undefined>((resolve) => {
      const headers = { "x-ghl-signature": [signature, signature] };
      httpRequest(url, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end(CONTACT);
    });
    expect([status, errors[0]?.code]).toEqual([401, "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED"]);
  });

  it("an invalid host header changes nothing", async () => {
    const { ran, listener } = recording();
    const url = new URL(await listen(listener));
    const signature = await signer.sign(CONTACT);
    const status = await new Promise<number | undefined>((resolve) => {
      const headers = { host: "[not a host", "x-ghl-signature": signature };
      httpRequest({ port: url.port, host: url.hostname, method: "POST", path: "//x?event=a", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end(CONTACT);
    });
    expect([status, ran]).toEqual([200, ["ContactCreate POST"]]);
  });

  it.each([
    ["a/secret?", "http://localhost/hooks?event=a"],
    ["a#", "http://localhost/hooks?event=a"],
    ["user:password@a.example", "http://localhost/hooks?event=a"],
    ["/secret", "http://localhost/hooks?event=a"],
    ["a.example:8443", "http://a.example:8443/hooks?event=a"],
    ["[::1]:80", "http://[::1]/hooks?event=a"],
  ])("the host header %j does not change the path of the URL", async (host, expected) => {
    const urls: string[] = [];
    const hint = ({ url }: Request) => void urls.push(url);
    const handler = createWebhookHandler({ keys: [signer.publicKey], hint: hint as () => undefined });
    const url = new URL(await listen(toNodeHandler(handler)));
    const signature = await signer.sign(CONTACT);
    const status = await new Promise<number | undefined>((resolve) => {
      const headers = { host, "x-ghl-signature": signature };
      httpRequest(
        { port: url.port, host: url.hostname, method: "POST", path: "/hooks?event=a", headers },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      ).end(CONTACT);
    });
    expect([status, urls]).toEqual([200, [expected]]);
  });
});
