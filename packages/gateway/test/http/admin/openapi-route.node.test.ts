import { Hono } from "hono";
import { expect, test } from "vitest";
import { serveOpenApi } from "../../../src/http/admin/openapi-route.ts";

test("the OpenAPI document is made once, at its first request", async () => {
  let made = 0;
  const app = new Hono();
  serveOpenApi(app as never, () => {
    made += 1;
    return { openapi: "3.1.0" };
  });
  expect(made).toBe(0);
  const answers = [await app.request("/openapi.json"), await app.request("/openapi.json")];
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
    { openapi: "3.1.0" },
    { openapi: "3.1.0" },
  ]);
  expect(answers[0]?.headers.get("etag")).toBe(answers[1]?.headers.get("etag"));
  expect(made).toBe(1);
});

test("documents that differ have different ETags", async () => {
  const etagOf = async (document: object) => {
    const app = new Hono();
    serveOpenApi(app as never, () => document);
    return (await app.request("/openapi.json")).headers.get("etag");
  };
  expect(await etagOf({ a: 1 })).not.toBe(await etagOf({ a: 2 }));
});
