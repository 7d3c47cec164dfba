import type { Resource } from "@ghl-edge/core";
import { Hono } from "hono";
import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import type { EmulatedRateLimit } from "../limits/rate-limit.ts";
import type { DeliverOptions, StormOptions } from "../webhooks/webhook-controls.ts";
import { addPage, type PageParts } from "./page-routes.ts";

const CONTROL_PATH = "/__emulator";

export function isControlPath(path: string): boolean {
  return path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`);
}

type Fields = Readonly<Record<string, unknown>>;

async function bodyOf(request: Request): Promise<Fields> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new EmulatorConfigurationError("the body must be a JSON object");
  return body as Fields;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new EmulatorConfigurationError(`${name} must be a string`);
  return value;
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new EmulatorConfigurationError(`${name} must be a number`);
  return value;
}

function urlOf(fields: Fields): string {
  const url = textOf(fields, "url");
  if (!URL.canParse(url)) throw new EmulatorConfigurationError("url must be a URL");
  return url;
}

function resourceOf(fields: Fields): Resource {
  const { kind, id } = (fields.resource ?? {}) as Fields;
  if ((kind !== "location" && kind !== "company") || typeof id !== "string")
    throw new EmulatorConfigurationError('resource must be { "kind": "location" or "company", "id": … }');
  return { kind, id };
}

function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : textOf(fields, name);
}

/**
 * `/__emulator`: the page, and what a test or a person steers a running emulator with. JSON in and out. A POST must say
 * that it is JSON, which a page of another origin cannot do without being asked first; forms are those of the page (`page-routes.ts`).
 */
export function createControlApi(parts: PageParts): Hono {
  const { emulator } = parts.stage;
  const app = new Hono().basePath(CONTROL_PATH);
  app.onError((error, c) => {
    if (!(error instanceof EmulatorConfigurationError)) throw error;
    return c.json({ code: error.code, message: error.message }, 400);
  });
  app.use(async (c, next) => {
    const isForm = c.req.path.startsWith(`${CONTROL_PATH}/do/`);
    const isWrite = !isForm && (c.req.method === "POST" || c.req.method === "PUT");
    if (isWrite && !(c.req.header("content-type") ?? "").startsWith("application/json"))
      return c.json({ code: "ERR_GHL_EMULATOR_MEDIA", message: "Content-Type must be application/json" }, 415);
    return next();
  });
  addPage(app, parts);
  app.get("/state", (c) =>
    c.json({
      clock: { nowMs: emulator.clock.now() },
      limits: emulator.limits.current(),
      faults: emulator.faults.list(),
      installations: emulator.installations(),
      records: emulator.records(),
      requests: emulator.log.length,
      webhooks: emulator.webhooks.sent.length,
    }),
  );
  app.get("/log", (c) => c.json(emulator.log.slice(Number(c.req.query("since") ?? 0) || 0)));
  app.delete("/log", (c) => {
    emulator.clearLog();
    return c.json({});
  });
  app.post("/reset", (c) => {
    emulator.reset();
    return c.json({});
  });
  app.get("/faults", (c) => c.json(emulator.faults.list()));
  app.post("/faults", async (c) => c.json({ id: emulator.faults.add((await bodyOf(c.req.raw)) as never) }));
  app.delete("/faults", (c) => {
    emulator.faults.clear();
    return c.json({});
  });
  app.post("/faults/release", (c) => c.json({ released: emulator.faults.release() }));
  app.delete("/faults/:id", (c) =>
    emulator.faults.remove(c.req.param("id")) ? c.json({}) : c.json({ message: "No such fault" }, 404),
  );
  app.put("/limits", async (c) => {
    const body = await bodyOf(c.req.raw);
    emulator.limits.set((body.name ?? body) as unknown as EmulatedRateLimit);
    return c.json(emulator.limits.current());
  });
  app.post("/limits/spend", async (c) => {
    const body = await bodyOf(c.req.raw);
    const clientId = optionalText(body, "clientId");
    return c.json({ spent: emulator.limits.spend(resourceOf(body), numberOf(body, "requests"), clientId) });
  });
  app.post("/clock", async (c) => {
    const body = await bodyOf(c.req.raw);
    if (body.skewMs !== undefined) emulator.clock.setSkew(numberOf(body, "skewMs"));
    if (body.advanceMs !== undefined) emulator.clock.advance(numberOf(body, "advanceMs"));
    return c.json({ nowMs: emulator.clock.now() });
  });
  app.get("/keys", async (c) =>
    c.json({ ed25519: await emulator.publicKey(), rsa: await emulator.webhooks.rsaPublicKey() }),
  );
  app.get("/webhooks", (c) => c.json(emulator.webhooks.sent));
  app.post("/webhooks", async (c) => {
    const body = await bodyOf(c.req.raw);
    return c.json(await emulator.webhooks.deliver(textOf(body, "event"), urlOf(body), body as DeliverOptions));
  });
  app.post("/webhooks/storm", async (c) => {
    const body = await bodyOf(c.req.raw);
    return c.json(await emulator.webhooks.installStorm(urlOf(body), body as StormOptions));
  });
  app.post("/active", async (c) => {
    const body = await bodyOf(c.req.raw);
    emulator.setActive(textOf(body, "resourceId"), body.active === true);
    return c.json({});
  });
  app.post("/expire", async (c) => {
    emulator.expireAccessTokens(resourceOf(await bodyOf(c.req.raw)));
    return c.json({});
  });
  app.post("/uninstall", async (c) => {
    const body = await bodyOf(c.req.raw);
    return c.json({ uninstalled: emulator.uninstall(resourceOf(body), optionalText(body, "clientId")) });
  });
  return app;
}
