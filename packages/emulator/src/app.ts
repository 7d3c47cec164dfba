import { Hono } from "hono";
import { bearerOf, readBearer } from "./api/bearer.ts";
import { answerOperation } from "./api/operation.ts";
import { readVersion } from "./api/version.ts";
import { type EmulatorContext, type EmulatorHono, withSkew } from "./core/context.ts";
import { endpointRemoved, type Refusal, routeUnknown, tooManyRequests } from "./core/errors.ts";
import { readMessage } from "./core/log/exchange.ts";
import { fingerprint, type RequestNote } from "./core/log/request-log.ts";
import type { AccessToken } from "./core/state.ts";
import { countRequest } from "./limits/count-request.ts";
import { authorize } from "./oauth/authorize.ts";
import { type OAuthBody, readOAuthBody } from "./oauth/body.ts";
import { exchange } from "./oauth/exchange.ts";
import { installedLocations } from "./oauth/installed-locations.ts";
import { mintLocationToken } from "./oauth/location-token.ts";
import { refusalPage } from "./oauth/refusal-page.ts";
import { respondWith } from "./page/document.ts";

function refusal(refused: Refusal, note: RequestNote): Response {
  note.refused = refused.reason;
  return Response.json(refused.body, { status: refused.status });
}

/** Version and bearer of the two OAuth calls that need them; the spelling of the path belongs to a generation. */
function readCaller(
  context: EmulatorContext,
  { method, url, headers }: Request,
  note: RequestNote,
): { readonly token: AccessToken } | { readonly refused: Refusal } {
  const version = readVersion(headers);
  if ("refused" in version) return version;
  const path = new URL(url).pathname;
  // The spelling with a hyphen is of v3 alone (recorded 2026-06); the older one is answered under both.
  if (path.includes("-") && version.generation !== "v3") return { refused: routeUnknown(method, path) };
  const bearer = readBearer(context, headers);
  if ("refused" in bearer) return bearer;
  note.resource = bearer.token.resource;
  // Minting under a bulk installation runs into 429 (HighLevel's issue 222): these calls count as all others do.
  return countRequest(context, bearer.token).allowed ? bearer : { refused: tooManyRequests };
}

async function noteExchange(note: RequestNote, body: OAuthBody): Promise<void> {
  const clientId = body.get("client_id");
  const grantType = body.get("grant_type");
  const secret = body.get("refresh_token") ?? body.get("code");
  if (clientId !== undefined) note.clientId = clientId;
  if (grantType !== undefined) note.grantType = grantType;
  if (secret !== undefined) note.tokenFingerprint = await fingerprint(secret);
}

/** HighLevel's routes: the authorize page, the OAuth endpoints, and every operation of the route table. */
export function createApp(context: EmulatorContext): Hono<EmulatorHono> {
  const app = new Hono<EmulatorHono>();

  app.use(async (c, next) => {
    const { skewMs = 0, fault } = c.env;
    const note: RequestNote = fault === undefined ? {} : { fault };
    const skewed = withSkew(context, skewMs);
    c.set("note", note);
    c.set("context", skewed);
    const atMs = skewed.options.now();
    const bearer = bearerOf(c.req.raw.headers);
    if (bearer !== undefined) note.tokenFingerprint = await fingerprint(bearer);
    const version = c.req.header("version");
    if (version !== undefined) note.version = version;
    const url = new URL(c.req.url);
    // Only the page shows the body. Its copy is read while the handler reads its own.
    const request = context.options.controls ? readMessage(c.req.raw, url) : undefined;
    await next();
    c.res.headers.set("date", new Date(skewed.options.now()).toUTCString());
    const { method, path } = c.req;
    const entry = { atMs, method, path, status: c.res.status, ...note };
    context.state.log.push(entry);
    if (request !== undefined)
      context.state.exchanges.store(entry, { request: await request, answer: await readMessage(c.res, url) });
  });

  for (const path of ["/oauth/chooselocation", "/v2/oauth/chooselocation"]) {
    app.get(path, async (c) => {
      const url = new URL(c.req.url);
      const result = authorize(c.var.context, url);
      switch (result.kind) {
        case "redirect":
          return c.redirect(result.url, 302);
        case "page":
          return respondWith({ title: "Install an app", body: result.html, leavesOrigin: true });
        case "refused": {
          const { message, help } = result.problem;
          // A program reads one line better than a page.
          if (!(c.req.header("accept") ?? "").includes("text/html")) return c.text([message, ...help].join("\n"), 400);
          const body = refusalPage(result.problem, url);
          return respondWith({ title: "This app cannot be installed", body, status: 400 });
        }
      }
    });
  }

  app.post("/oauth/token", async (c) => {
    const body = await readOAuthBody(c.req.raw);
    await noteExchange(c.var.note, body);
    const result = exchange(c.var.context, body);
    if (result.installation !== undefined) c.var.note.resource = result.installation.resource;
    return "refused" in result ? refusal(result.refused, c.var.note) : c.json(result.answer);
  });

  app.post("/oauth/reconnect", (c) => refusal(endpointRemoved, c.var.note));

  // 201 is recorded for the dated path, whose document says 200; the v3 document says 200 too.
  for (const [path, status] of [["/oauth/locationToken", 201] as const, ["/oauth/location-token", 200] as const]) {
    app.post(path, async (c) => {
      const caller = readCaller(c.var.context, c.req.raw, c.var.note);
      if ("refused" in caller) return refusal(caller.refused, c.var.note);
      const result = mintLocationToken(c.var.context, caller.token, await readOAuthBody(c.req.raw));
      return "refused" in result ? refusal(result.refused, c.var.note) : c.json(result.answer, status);
    });
  }

  for (const [path, apiVersion] of [
    ["/oauth/installedLocations", "v2"] as const,
    ["/oauth/installed-locations", "v3"] as const,
  ]) {
    app.get(path, (c) => {
      const caller = readCaller(c.var.context, c.req.raw, c.var.note);
      if ("refused" in caller) return refusal(caller.refused, c.var.note);
      const result = installedLocations(c.var.context, caller.token, {
        query: new URL(c.req.url).searchParams,
        apiVersion,
      });
      return "refused" in result ? refusal(result.refused, c.var.note) : c.json(result.answer);
    });
  }

  app.all("*", async (c) => {
    const { status, headers, body } = await answerOperation(c.var.context, c.req.raw, c.var.note);
    if (body === undefined) return new Response(null, { status, headers });
    if (body instanceof Blob) return new Response(body, { status, headers });
    return Response.json(body, { status, headers });
  });
  return app;
}
