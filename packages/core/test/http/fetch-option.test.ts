import { afterEach, expect, it, vi } from "vitest";
import { createSendRequest } from "../../src/index.ts";

afterEach(() => vi.restoreAllMocks());

const URL_OF_CALL = "https://services.leadconnectorhq.com/contacts/";
const init = { method: "POST", headers: { version: "v3" }, body: "{}", redirect: "manual" } as const;

it("a fetch of one parameter gets method, headers, body and redirect", async () => {
  const send = createSendRequest(async (request: Request) =>
    Response.json({
      url: request.url,
      method: request.method,
      version: request.headers.get("version"),
      body: await request.text(),
      redirect: request.redirect,
    }),
  );
  expect(await (await send(URL_OF_CALL, init)).json()).toEqual({
    url: URL_OF_CALL,
    method: "POST",
    version: "v3",
    body: "{}",
    redirect: "manual",
  });
});

it("a fetch is called with one argument, because a handler's second one is something else", async () => {
  const fetchOption = vi.fn(async (_request: Request) => new Response());
  await createSendRequest(fetchOption)(URL_OF_CALL, init);
  expect(fetchOption.mock.calls.map((args) => args.length)).toEqual([1]);
});

it("the platform's fetch is looked up at each call and gets no Request", async () => {
  const send = createSendRequest(undefined);
  const platform = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
  await send(URL_OF_CALL, init);
  expect(platform).toHaveBeenCalledWith(URL_OF_CALL, init);
});

it("a request that cannot be made is a rejection", async () => {
  const send = createSendRequest(async () => new Response());
  await expect(send("/no/host", init)).rejects.toBeInstanceOf(TypeError);
});
