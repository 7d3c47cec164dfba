import type { Hono } from "hono";
import type { Exchanges } from "../core/log/exchange.ts";
import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import { respondWith } from "../page/document.ts";
import type { Refused } from "./action-form.ts";
import { actionsOf, buttonsOf, type Stage, type Values } from "./actions.ts";
import { page } from "./page.ts";

/** Number of results of buttons that are remembered until the page that shows them, once, is read. */
const REMEMBERED = 20;
/** Seconds; a smaller number would keep the browser busy, a larger one is a mistake. */
const RELOAD = { min: 1, max: 3_600 };

export interface PageParts {
  readonly stage: Stage;
  /** Current exchanges; a reset makes new ones. */
  readonly exchanges: () => Exchanges;
}

/**
 * Whether a form was sent by this page. A form of another origin needs no leave to be sent, but the browser says where it comes from:
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
function isOwnForm(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === new URL(request.url).host;
}

function reloadSeconds(text: string | undefined): number | undefined {
  const seconds = Number(text);
  return seconds >= RELOAD.min && seconds <= RELOAD.max ? seconds : undefined;
}

/** `GET /__emulator` and the forms on it. */
export function addPage(app: Hono, { stage, exchanges }: PageParts): void {
  const notices = new Map<string, string>();
  let made = 0;

  const show = (query: URLSearchParams, refused?: Refused): Promise<Response> => {
    const id = query.get("done") ?? "";
    const done = notices.get(id);
    notices.delete(id);
    const body = page({
      stage,
      exchanges: exchanges(),
      filter: { path: query.get("path") ?? "", status: query.get("status") ?? "", app: query.get("app") ?? "" },
      reloadSeconds: refused === undefined ? reloadSeconds(query.get("refresh") ?? undefined) : undefined,
      done,
      refused,
    });
    return respondWith({
      title: refused === undefined ? "Emulated HighLevel" : "Refused: Emulated HighLevel",
      body,
      status: refused === undefined ? 200 : 400,
      reloadSeconds: refused === undefined ? reloadSeconds(query.get("refresh") ?? undefined) : undefined,
    });
  };

  app.get("/", (c) => show(new URL(c.req.url).searchParams));

  app.post("/do/:id", async (c) => {
    if (!isOwnForm(c.req.raw)) return c.text("This form must be sent by the emulator's own page.", 403);
    const id = c.req.param("id");
    const action = [...actionsOf(stage), ...buttonsOf(stage)].find((one) => one.id === id);
    if (action === undefined) return c.text(`There is no ${id}.`, 404);
    const values: Values = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer())));
    try {
      const done = await action.run(values);
      made += 1;
      notices.set(String(made), done);
      const [oldest] = notices.keys();
      if (notices.size > REMEMBERED && oldest !== undefined) notices.delete(oldest);
      // The answer to a form is another page, so that to load it again does not send the form again.
      return c.redirect(`/__emulator?done=${made}`, 303);
    } catch (error) {
      if (!(error instanceof EmulatorConfigurationError)) throw error;
      return show(new URLSearchParams(), { id, values, message: error.message });
    }
  });
}
