import { inspect } from "node:util";
import { expect, test } from "vitest";
import { AnswerError, createOAuthClient, NetworkError, TimeoutError } from "../../src/index.ts";
import { failure, json, SECRETS, serve } from "./oauth-server.ts";

test("errors carry class, status, endpoint, trace and waiting time, and no secret", async () => {
  const { client } = await serve((_seen, response) =>
    json(response.setHeader("retry-after", "7"), 429, { message: "refresh-secret access-secret", traceId: "t1" }),
  );
  const error = (await failure(client.refresh("refresh-secret"))) as AnswerError;
  expect(error).toBeInstanceOf(AnswerError);
  expect(error).toMatchObject({
    kind: "retryable",
    code: "ERR_GHL_RATE_LIMITED",
    status: 429,
    endpoint: "POST /oauth/token",
    retryAfterMs: 7_000,
    traceId: "t1",
  });
  for (const secret of SECRETS)
    for (const text of [JSON.stringify(error), inspect(error, { depth: 9, showHidden: true }), error.stack])
      expect(text).not.toContain(secret);
});

test("no secret is in what a client or a failed connection shows", async () => {
  const client = createOAuthClient({
    clientId: "0123456789abcdef01234567-abc",
    clientSecret: "secret-of-the-app",
    fetch: async (request) => {
      throw new Error(`${request.url} ${await request.text()}`);
    },
  });
  const error = await failure(client.exchangeCode("code-secret"));
  expect(error).toBeInstanceOf(NetworkError);
  for (const secret of SECRETS)
    for (const text of [JSON.stringify([client, error]), inspect([client, error], { depth: 9, showHidden: true })])
      expect(text).not.toContain(secret);
});

test("a redirect is not followed, a cut answer is ambiguous", async () => {
  const moved = await serve((_seen, response) => response.writeHead(307, { location: "https://evil.test/" }).end());
  expect(await failure(moved.client.refresh("refresh-secret"))).toMatchObject({
    code: "ERR_GHL_REDIRECTED",
    kind: "retryable",
    ambiguous: true,
  });
  expect(moved.seen).toHaveLength(1);
  const html = await serve((_seen, response) => response.end("<html>"));
  expect(await failure(html.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_CUT_ANSWER", ambiguous: true });
  const empty = await serve((_seen, response) => response.end("{}"));
  expect(await failure(empty.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_CUT_ANSWER", ambiguous: true });
  const cut = await serve((_seen, response) => {
    response.writeHead(200, { "content-length": "500" }).write('{"access_token":"x"');
    response.destroy();
  });
  expect(await failure(cut.client.refresh("r"))).toBeInstanceOf(NetworkError);
});

test("the time-out covers the body, and holds although fetch does not heed its signal", async () => {
  const slow = await serve((_seen, response) => {
    response.writeHead(200).write("{");
  });
  expect(await failure(slow.client.refresh("r", { timeoutMs: 50 }))).toBeInstanceOf(TimeoutError);
  const deaf = createOAuthClient({
    clientId: "a",
    clientSecret: "b",
    fetch: () => new Promise(() => {}),
    sleep: async () => {},
  });
  expect(await failure(deaf.refresh("r"))).toMatchObject({ code: "ERR_GHL_TIMEOUT", timeoutMs: 6_000 });
});

test("an answer that never ends in size is given up, whatever its status", async () => {
  const endless = (status: number) =>
    serve((_seen, response) => {
      response.writeHead(status);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
  const well = await endless(200);
  expect(await failure(well.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_CUT_ANSWER", ambiguous: true });
  const refused = await endless(400);
  expect(await failure(refused.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_UNKNOWN_ANSWER" });
});

test("an error's message and JSON stay short, whatever the answer says", async () => {
  const long = "x".repeat(1_000_000);
  const { client } = await serve((_seen, response) => json(response, 400, { message: long, traceId: long }));
  const error = await failure(client.refresh("r"));
  expect(JSON.stringify(error).length).toBeLessThan(1_000);
});

test("a failed connection is named by method, path, host and the platform's code", async () => {
  const closed = await serve(() => {});
  const { host } = new URL(closed.baseUrl);
  await closed.stop();
  const error = await failure(closed.client.refresh("refresh-secret"));
  expect(error).toBeInstanceOf(NetworkError);
  expect((error as Error).message).toBe(`POST /oauth/token did not get a complete answer from ${host}: ECONNREFUSED`);
});

test("an answer that is nested deeper than anybody could store it is a cut one", async () => {
  const body = `{"access_token":"a","refresh_token":"r","more":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  const { client } = await serve((_seen, response) => response.end(body));
  await expect(client.refresh("refresh-secret")).rejects.toMatchObject({ code: "ERR_GHL_CUT_ANSWER" });
});
