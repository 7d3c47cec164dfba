import { expect, test } from "vitest";
import { createEmulator } from "../src/index.ts";
import { serve } from "../src/node.ts";
import { authorizePath, LOCATION } from "./support.ts";

test("serves over HTTP: query, body, redirect, and an end", async () => {
  const emulator = createEmulator();
  const server = await serve(emulator);
  const redirect = await fetch(server.url + authorizePath({ locationId: LOCATION }), { redirect: "manual" });
  const code = new URL(redirect.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const body = new URLSearchParams({ grant_type: "authorization_code", client_id: "x", code });
  const answer = await fetch(`${server.url}/oauth/token`, { method: "POST", body });
  expect([redirect.status, answer.status]).toEqual([302, 401]);
  expect(emulator.log.map(({ path }) => path)).toEqual(["/oauth/chooselocation", "/oauth/token"]);
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow();
});

test("says when the port is taken", async () => {
  const first = await serve(createEmulator());
  const port = Number(new URL(first.url).port);
  await expect(serve(createEmulator(), { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
});

test("a handler that fails is answered with 500, and the server lives on", async () => {
  let calls = 0;
  const server = await serve({
    fetch: async () => {
      if (calls++ === 0) throw new Error("first");
      return new Response("fine");
    },
  });
  expect((await fetch(server.url)).status).toBe(500);
  expect(await (await fetch(server.url)).text()).toBe("fine");
  await server.close();
});

test("keeps cookies apart", async () => {
  const headers = new Headers([
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
  const server = await serve({ fetch: async () => new Response(null, { headers }) });
  expect((await fetch(server.url)).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  await server.close();
});

test("a broken connection is broken on the wire too, before an answer and within one", async () => {
  const emulator = createEmulator({ privateTokens: [] });
  const server = await serve(emulator);
  emulator.faults.add({ fault: { kind: "reset" }, times: 1 });
  emulator.faults.add({ fault: { kind: "cut", bytes: 5 }, skip: 1, times: 1 });
  await expect(fetch(`${server.url}/contacts/x`)).rejects.toThrow(TypeError);
  const response = await fetch(`${server.url}/contacts/x`);
  expect(response.status).toBe(401);
  await expect(response.text()).rejects.toThrow();
  expect((await fetch(`${server.url}/contacts/x`)).status).toBe(401);
  await server.close();
});
