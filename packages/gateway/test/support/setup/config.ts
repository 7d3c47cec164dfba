import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { createApp } from "../../../src/app.ts";
import { createDirectory } from "../../../src/directory/directory.ts";
import { createRecentEndpoints } from "../../../src/directory/recent-endpoints.ts";
import { isolate } from "../../../src/worker.ts";
import { ADMIN_KEY, GATEWAY, TOKEN_KEY, TOKEN_KEY_ID } from "./settings.ts";

const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
/** The key of the tests, and others beside it. */
const KEYS = new Map([
  [TOKEN_KEY_ID, bytes(TOKEN_KEY)],
  ["k2", Uint8Array.from({ length: 32 }, (_, index) => (index * index + 3) % 251)],
  ["k3", Uint8Array.from({ length: 32 }, (_, index) => (index * index * 7 + 11) % 251)],
]);

/**
 * As a deployment whose `TOKEN_KEYS` hold these keys alone, until `vi.restoreAllMocks()`. Objects take it up when they are loaded;
 * requests go through `deployed`.
 */
export function deployKeys(activeId: string, ...otherIds: readonly string[]): void {
  vi.restoreAllMocks();
  const keys = new Map([activeId, ...otherIds].map((id) => [id, KEYS.get(id)!] as const));
  const config = { ...isolate.readConfig(env), tokenKeys: { activeId, keys } };
  vi.spyOn(isolate, "readConfig").mockReturnValue(config);
  vi.spyOn(isolate, "readDirectory").mockReturnValue(
    createDirectory(env.DIRECTORY, config.tokenKeys, createRecentEndpoints()),
  );
}

/** A deployment begins with no object in memory. */
export async function restart(...stubs: readonly object[]): Promise<void> {
  for (const stub of stubs as readonly DurableObjectStub[])
    await runInDurableObject(stub, async (_object, state) => {
      // Its stored data stays, and only its memory is lost.
      await state.storage.sync();
      state.abort("a new deployment");
    }).catch(() => {});
}

/** A request to the gateway as it is deployed now. */
export async function deployed(
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: HeadersInit } = {},
): Promise<Response> {
  const context = createExecutionContext();
  const init: RequestInit = {
    method,
    redirect: "manual",
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...Object.fromEntries(new Headers(headers)) },
  };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json", ...(init.headers as Record<string, string>) };
  }
  const response = await createApp(isolate).fetch(new Request(GATEWAY + path, init), env, context);
  await waitOnExecutionContext(context);
  return response;
}
