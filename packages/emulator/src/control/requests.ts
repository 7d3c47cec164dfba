import { html } from "hono/html";
import type { Exchange, Exchanges } from "../core/log/exchange.ts";
import type { RequestLogEntry } from "../core/log/request-log.ts";
import type { Html } from "../page/document.ts";

/** Newest ones that are shown. */
const SHOWN = 200;
export const STATUSES = ["2xx", "3xx", "4xx", "5xx", "none"] as const;

/** Filter of the requests that are shown; an empty text matches all. */
export interface RequestFilter {
  /** Part of the path. */
  readonly path: string;
  /** One of `STATUSES`, or a status. */
  readonly status: string;
  /** Client id of an app. */
  readonly app: string;
}

function hasStatus(status: number, filter: string): boolean {
  if (filter === "none") return status === 0;
  return filter.endsWith("xx") ? String(status).startsWith(filter[0]!) : String(status) === filter;
}

/** The log entries that a filter lets through, newest first. */
export function filterRequests(log: readonly RequestLogEntry[], filter: RequestFilter): readonly RequestLogEntry[] {
  return log
    .filter(
      ({ path, status, clientId }) =>
        path.includes(filter.path) &&
        (filter.status === "" || hasStatus(status, filter.status)) &&
        (filter.app === "" || clientId === filter.app),
    )
    .toReversed();
}

export function statusBadge(status: number): Html {
  const kind = status >= 200 && status < 300 ? "good" : status >= 300 && status < 400 ? "plain" : "bad";
  // A status of 0 stands for no answer at all.
  return html`<span class="badge ${kind}">${status === 0 ? "none" : status}</span>`;
}

export const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

function propertyList(rows: readonly (readonly [string, string | undefined])[]): Html {
  return html`<dl class="properties">${rows.map(([name, value]) =>
    value === undefined || value === "" ? "" : html`<dt>${name}</dt><dd><code>${value}</code></dd>`,
  )}</dl>`;
}

function part(title: string, content: Html | string | undefined): Html | string {
  return content === undefined ? "" : html`<section class="part"><h3>${title}</h3>${content}</section>`;
}

function pairs(list: Exchange["headers"] | undefined): Html | undefined {
  return list === undefined || list.length === 0 ? undefined : propertyList(list);
}

function text(body: string | undefined): Html | undefined {
  return body === undefined ? undefined : html`<pre>${body}</pre>`;
}

function whole(entry: RequestLogEntry, exchange: Exchange | undefined): Html {
  const { breaches = [] } = entry;
  return html`<div class="whole">
${part(
  "What the emulator knows",
  propertyList([
    ["operation", entry.operation],
    ["grant type", entry.grantType],
    ["app", entry.clientId],
    ["resource", entry.resource === undefined ? undefined : `${entry.resource.kind} ${entry.resource.id}`],
    ["token fingerprint", entry.tokenFingerprint],
    ["refused because of", entry.refused],
    ["fault", entry.fault],
  ]),
)}
${part("Breaches of the document", breaches.length === 0 ? undefined : html`<ul>${breaches.map((breach) => html`<li>${breach}</li>`)}</ul>`)}
${
  exchange === undefined
    ? html`<p class="quiet">Query, headers and bodies are kept of the newest ${SHOWN} requests.</p>`
    : html`${part("Query", pairs(exchange.query))}${part("Request headers", pairs(exchange.headers))}${part("Request body", text(exchange.body))}
${part("Answer headers", pairs(exchange.answerHeaders))}${part("Answer", text(exchange.answer))}`
}</div>`;
}

/** Each request as a line that opens. */
export function requestList(entries: readonly RequestLogEntry[], exchanges: Exchanges): Html {
  if (entries.length === 0) return html`<p class="quiet">No request yet, or none that the filter lets through.</p>`;
  const lines = entries.slice(0, SHOWN).map((entry) => {
    const { breaches = [], refused, fault } = entry;
    return html`<li><details class="request"><summary><span class="mono quiet">${timeOf(entry.atMs)}</span>
<span class="mono method">${entry.method}</span> <span class="mono path">${entry.path}</span>
<span class="marks">${statusBadge(entry.status)}${refused === undefined ? "" : html` <span class="badge">${refused}</span>`}${
      breaches.length === 0
        ? ""
        : html` <span class="badge warn">${breaches.length} ${breaches.length === 1 ? "breach" : "breaches"}</span>`
    }${fault === undefined ? "" : html` <span class="badge warn">fault: ${fault}</span>`}</span></summary>${whole(entry, exchanges.of(entry))}</details></li>`;
  });
  const left = entries.length - lines.length;
  return html`<ol class="plain requests">${lines}</ol>${left > 0 ? html`<p class="quiet">${left} older ones are not shown.</p>` : ""}`;
}
