import { sha256, toBase64 } from "@ghl-edge/core";
import { html, raw } from "hono/html";
import { STYLE } from "./style.ts";

/** Markup in which every text is escaped. */
export type Html = ReturnType<typeof html>;

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Default 200. */
  readonly status?: number;
  /** Seconds after which the browser loads the page again. Default: never. */
  readonly reloadSeconds?: number | undefined;
  /**
   * Whether forms may lead to another origin. Default false. Browsers hold the redirect that answers a form against this rule too,
   * so a page that sends people back to their app needs it.
   */
  readonly leavesOrigin?: boolean;
}

/**
 * A page that loads nothing from anywhere, runs no script, and is shown in no frame. Its style sheet is named by its hash, so that the
 * policy needs no `unsafe-inline`: https://www.w3.org/TR/CSP3/#external-hash
 */
export async function respondWith({ title, body, status = 200, reloadSeconds, leavesOrigin }: Page): Promise<Response> {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${toBase64(await sha256(STYLE))}'`,
    "img-src data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(leavesOrigin ? [] : ["form-action 'self'"]),
  ].join("; ");
  const reload = reloadSeconds === undefined ? "" : html`<meta http-equiv="refresh" content="${reloadSeconds}">`;
  // The style sheet is a constant of ours; escaping would change it, and with it its hash.
  const text = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,">${reload}<style>${raw(STYLE)}</style></head>
<body>${body}</body></html>`;
  return new Response(String(text), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      // Forms need their Origin header, which `no-referrer` would take away.
      "referrer-policy": "same-origin",
    },
  });
}
