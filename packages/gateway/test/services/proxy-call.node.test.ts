import { presets } from "@ghl-edge/rate-limit";
import { afterEach, expect, test, vi } from "vitest";
import { createPrefetchedPermits } from "../../src/domain/limits/prefetched-permits.ts";
import type { GatewayConfig } from "../../src/platform/config.ts";
import type { Objects } from "../../src/platform/env.ts";
import { type CallContext, type OutgoingRequest, type ProxyCall, proxyCall } from "../../src/services/proxy-call.ts";

afterEach(() => vi.restoreAllMocks());

const resource = { kind: "location", id: "l1" } as const;

/** A coordinator that gives every call permit 7, and the list of what is reported to it. */
function context() {
  const reports: string[] = [];
  const permit = { number: 7, startsAfterMs: 0, intervalLimit: 100, reportAlways: false };
  const coordinator = {
    acquire: async () => ({ ok: true, accessToken: "t", permit, prefetched: [] }),
    returnUnused: async (_tenant: unknown, number: number) => void reports.push(`returned ${number}`),
    report: async (_tenant: unknown, number: number) => void reports.push(`report ${number}`),
  };
  const work: Promise<unknown>[] = [];
  const c: CallContext = {
    config: { apps: new Map([["main", { limits: presets.standard }]]) } as unknown as GatewayConfig,
    objects: { coordinator: () => coordinator } as unknown as Objects,
    prefetchedPermits: createPrefetchedPermits(),
    waitUntil: (promise) => work.push(promise),
  };
  return { c, reports, settled: () => Promise.all(work) };
}

let calls = 0;
const callOf = (request: () => OutgoingRequest): ProxyCall => ({
  // Each call has its own key, so that no test uses a permit of another one.
  credentials: { app: "main", resource, key: `k${calls++}`, priority: "normal", acceptedTokenTypes: "any", scopes: [] },
  operation: "v3.contacts.getContact",
  maxWaitMs: 1_000,
  isRepeatable: true,
  request,
});
const code = (name: string) => expect.objectContaining({ code: `ERR_GHL_GATEWAY_${name}` }) as Error;

test.each<[string, () => OutgoingRequest]>([
  ["a GET with a body", () => ({ url: "https://upstream.test/contacts/c1", method: "GET", body: "x" })],
  ["no URL", () => ({ url: "/contacts/c1" })],
  ["a header that cannot be sent", () => ({ url: "https://upstream.test/", headers: { "x-a": "a\nb" } })],
  [
    "an error while it is made",
    () => {
      throw new TypeError("undefined is not a function");
    },
  ],
])(
  "a call that is not a valid request (%s) is our error and not a missing answer, and its permit goes back",
  async (_what, request) => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const { c, reports, settled } = context();
    const error = await proxyCall(c, callOf(request)).catch((cause: unknown) => cause);
    expect(error).toEqual(code("CALL_UNSENDABLE"));
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    await settled();
    expect(reports).toEqual(["returned 7"]);
    expect(fetched).not.toHaveBeenCalled();
  },
);

test("a connection that breaks is a missing answer, and its permit stays used", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("Network connection lost."));
  const { c, reports, settled } = context();
  const call = callOf(() => ({ url: "https://upstream.test/contacts/c1" }));
  await expect(proxyCall(c, call)).rejects.toEqual(code("UPSTREAM_UNREACHABLE"));
  await settled();
  expect(reports).not.toContain("returned 7");
});
