import { env } from "cloudflare:workers";
import { createDeliveryVerifier } from "@ghl-edge/webhooks/gateway";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CallbackAddress } from "../../src/domain/marketplace/backend-callback.ts";
import { callBackend } from "../../src/http/backend-callback.ts";
import { readDestinationBindings } from "../../src/platform/env.ts";
import type { Behaviour } from "../support/endpoints/destination.ts";
import { arrived, destination } from "../support/endpoints/endpoints.ts";
import { APP, CALLBACK_SECRET, DESTINATION } from "../support/setup/settings.ts";

const request = { type: "payments.verify", app: APP, data: { chargeId: "ch_5ecre7" } };
const put = (address: CallbackAddress): Promise<unknown> =>
  callBackend(readDestinationBindings(env), { address, secrets: [CALLBACK_SECRET] }, request);

let path: string;
async function called(behaviour: Behaviour): Promise<unknown> {
  path = `/${crypto.randomUUID()}`;
  await destination.behave({ path }, behaviour);
  return put({ url: DESTINATION + path });
}
const failing = (code: string) => expect.objectContaining({ code: `ERR_GHL_GATEWAY_DESTINATION_${code}` }) as Error;

afterEach(async () => {
  vi.restoreAllMocks();
  await destination.release({ path });
});

describe("a request", () => {
  it("a backend callback is signed, names itself, and is answered with any JSON", async () => {
    expect(await called({ status: 201, body: '[{"id":"pm_1"}]' })).toEqual([{ id: "pm_1" }]);
    const [{ body, headers } = { body: "", headers: {} }] = await destination.received({ path });
    expect(JSON.parse(body)).toEqual(request);
    const verifier = createDeliveryVerifier({ secrets: [CALLBACK_SECRET] });
    expect((await verifier.verifySignature({ body, headers })).id).toMatch(/^callback_[0-9a-f]{32}$/);
    // No handler of events takes it for one.
    await expect(verifier.verify({ body, headers })).rejects.toMatchObject({ code: "ERR_GHL_WEBHOOK_NOT_ENVELOPE" });
  });

  it("a backend callback goes to a bound Worker, too", async () => {
    await destination.behave({ path: "/" }, { body: '{"bound":true}', times: 1 });
    expect(await put({ service: "TESTS" })).toEqual({ bound: true });
    await expect(put({ service: "NOBODY" })).rejects.toEqual(failing("UNBOUND"));
  });

  it("a request that is sent twice is two backend callbacks", async () => {
    await called({ body: "1" });
    await put({ url: DESTINATION + path });
    expect(await destination.count({ path })).toEqual({ count: 2, distinct: 2 });
  });
});

describe("no answer", () => {
  it.each<[string, Behaviour, string]>([
    ["500", { status: 500, body: '{"allow":true}' }, "REFUSED"],
    ["401", { status: 401, body: '{"allow":true}' }, "REFUSED"],
    ["a redirect", { status: 302, headers: { location: `${DESTINATION}/elsewhere` } }, "REFUSED"],
    ["nothing", {}, "UNREADABLE"],
    ["no JSON", { body: "<html>" }, "UNREADABLE"],
    ["half of it", { body: '{"allow":true' }, "UNREADABLE"],
    ["too much", { body: `"${"x".repeat(65_535)}"` }, "UNREADABLE"],
  ])("a backend callback without an answer is %s", async (_what, behaviour, code) => {
    await expect(called(behaviour)).rejects.toEqual(failing(code));
    expect(await destination.count({ path })).toMatchObject({ count: 1 });
  });

  it("a connection that breaks is no answer, and its error may quote the request", async () => {
    path = "/unreached";
    vi.spyOn(globalThis, "fetch").mockRejectedValueOnce(new TypeError("connection lost: ch_5ecre7"));
    await expect(put({ url: DESTINATION + path })).rejects.toEqual(failing("UNREACHABLE"));
  });

  it.each<[string, Behaviour]>([
    ["its head", { hang: true }],
    ["the rest of its body", { endless: true }],
  ])("an answer that does not come with %s in time is no answer", async (_what, behaviour) => {
    const time = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(time.signal);
    const answer = called(behaviour);
    const refused = expect(answer).rejects.toEqual(failing("TIMEOUT"));
    await vi.waitFor(() => expect(timeout).toHaveBeenCalledWith(10_000));
    await arrived({ path }, 1);
    time.abort(new DOMException("time is up", "TimeoutError"));
    await refused;
  });

  it("a backend callback without an answer has an error that reveals nothing of the request", async () => {
    const error = (await called({ status: 500, body: "5ecre7" }).catch((cause: unknown) => cause)) as Error;
    expect(`${error.name} ${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain("5ecre7");
    expect(error.cause).toBeUndefined();
  });
});
