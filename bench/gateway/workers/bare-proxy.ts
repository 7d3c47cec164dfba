/** The least that is still a proxy: HighLevel's path sent on with another token, and its answer passed back. */
import { Hono } from "hono";

const app = new Hono<{ Bindings: { readonly UPSTREAM: string; readonly TOKEN: string } }>();

app.all("/*", (c) => {
  const { pathname, search } = new URL(c.req.url);
  const { method, body } = c.req.raw;
  const headers = new Headers(c.req.raw.headers);
  headers.set("authorization", `Bearer ${c.env.TOKEN}`);
  return fetch(c.env.UPSTREAM + pathname + search, { method, headers, body });
});

export default app;
