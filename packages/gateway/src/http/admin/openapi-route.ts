import { toBase64Url } from "@ghl-edge/core";
import type { Hono } from "hono";
import { etag } from "hono/etag";
import type { GatewayHono } from "../context.ts";

interface CachedDocument {
  readonly text: string;
  readonly etag: string;
}

async function cachedDocument(document: object): Promise<CachedDocument> {
  const text = JSON.stringify(document);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return { text, etag: `"${toBase64Url(new Uint8Array(digest))}"` };
}

/**
 * Serves the OpenAPI document at `/openapi.json`. Converting the schemas takes much longer than sending them, so it is done
 * once for each app. A client that sends the ETag again gets 304 without a body.
 */
export function serveOpenApi(app: Hono<GatewayHono>, readDocument: () => object): void {
  let cached: CachedDocument | undefined;
  app.get("/openapi.json", etag(), async (c) => {
    cached ??= await cachedDocument(readDocument());
    return c.body(cached.text, 200, { "content-type": "application/json", etag: cached.etag });
  });
}
