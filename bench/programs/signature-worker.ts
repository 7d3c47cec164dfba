/**
 * Worker: `POST /<verifier>?count=&atOnce=` with a `SignedDelivery` verifies it so many times. The caller holds the watch: in
 * workerd the clock stands still while a request computes.
 */
import { portableVerifiers, type Verify, verifyMany } from "../peers/verifiers.ts";

interface Posted {
  readonly body: string;
  readonly signature: string;
  readonly publicKeyPem: string;
}

// R8: workerd hands a handler nothing that outlives a request. The verifier of a name never changes.
const made = new Map<string, Verify>();

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const name = decodeURIComponent(pathname.slice(1));
    const { body, signature, publicKeyPem } = (await request.json()) as Posted;
    const bytes = Uint8Array.from(new TextEncoder().encode(body));
    const verify = made.get(name) ?? (await portableVerifiers[name]!({ body: bytes, signature, publicKeyPem }));
    made.set(name, verify);
    if ((await verify()) === false) return new Response("refuses a good signature", { status: 500 });
    await verifyMany(verify, Number(searchParams.get("count")), searchParams.get("atOnce") === "64" ? 64 : 1);
    return new Response("ok");
  },
};
