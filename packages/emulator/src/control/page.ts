import { html } from "hono/html";
import type { Exchanges } from "../core/log/exchange.ts";
import type { Html } from "../page/document.ts";
import { actionButton, actionForm, type Refused } from "./action-form.ts";
import { type Action, actionsOf, buttonsOf, type Stage } from "./actions.ts";
import { filterRequests, type RequestFilter, requestList, STATUSES, statusBadge, timeOf } from "./requests.ts";
import { table } from "./table.ts";

/** Content of one view of the page. */
export interface View {
  readonly stage: Stage;
  readonly exchanges: Exchanges;
  readonly filter: RequestFilter;
  /** Seconds between reloads. Absent: it does not reload. */
  readonly reloadSeconds?: number | undefined;
  /** Result of the last button. */
  readonly done?: string | undefined;
  readonly refused?: Refused | undefined;
}

function query(filter: RequestFilter, more: Readonly<Record<string, string>>): string {
  const set = Object.entries({ ...filter, ...more }).filter(([, value]) => value !== "");
  return `?${new URLSearchParams(set as [string, string][])}`;
}

function option(value: string, words: string, chosen: string): Html {
  return html`<option value="${value}"${value === chosen ? html` selected` : ""}>${words}</option>`;
}

function filterForm({ stage, filter, reloadSeconds }: View): Html {
  const { status } = filter;
  const statuses = status === "" || (STATUSES as readonly string[]).includes(status) ? STATUSES : [...STATUSES, status];
  return html`<form class="filter" role="search" aria-label="Filter requests">
${reloadSeconds === undefined ? "" : html`<input type="hidden" name="refresh" value="${reloadSeconds}">`}
<div><label for="path">Path contains</label><input id="path" name="path" value="${filter.path}" autocomplete="off"></div>
<div><label for="status">Status</label><select id="status" name="status">${option("", "any", status)}${statuses.map((one) => option(one, one === "none" ? "no answer" : one, status))}</select></div>
<div><label for="app">App</label><select id="app" name="app">${option("", "any", filter.app)}${stage.apps.map(({ clientId }) => option(clientId, clientId, filter.app))}</select></div>
<button>Filter</button></form>`;
}

function requests(view: View, clear: Action): Html {
  const { stage, exchanges, filter, reloadSeconds } = view;
  const { log } = stage.emulator;
  const found = filterRequests(log, filter);
  const count = found.length === log.length ? `${log.length}` : `${found.length} of ${log.length}`;
  const reload =
    reloadSeconds === undefined
      ? html`<a href="${query(filter, { refresh: "2" })}">Reload every 2 s</a>`
      : html`<a href="${query(filter, {})}">Stop reloading</a>`;
  return html`<section class="card stack" aria-labelledby="log"><div class="row spread"><h2 id="log">Requests (${count})</h2>
<div class="row">${reload}${reloadSeconds === undefined && log.length > 0 ? actionButton(clear) : ""}</div></div>
${filterForm(view)}${requestList(found, exchanges)}</section>`;
}

function controls({ stage, refused, reloadSeconds }: View): Html {
  return html`<section class="card stack tight" aria-labelledby="controls"><h2 id="controls">Controls</h2>${
    reloadSeconds === undefined
      ? actionsOf(stage).map((action) => actionForm(action, refused))
      : html`<p class="quiet">Stop reloading to use them: what you type would be lost.</p>`
  }</section>`;
}

function records(counts: Readonly<Record<string, number>>): Html {
  const rows = Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return html`<section class="card stack tight" aria-labelledby="records"><h2 id="records">Records</h2><dl class="properties">${rows.map(
    ([collection, count]) => html`<dt>${collection}</dt><dd>${count}</dd>`,
  )}</dl></section>`;
}

function tables({ emulator }: Stage, buttons: Readonly<Record<string, Action>>): Html {
  const faults = emulator.faults.list();
  return html`${table({
    id: "faults",
    title: "Faults in force",
    columns: ["id", "rule", "match", "seen", "befallen", "remove"],
    rows: faults.map((rule) => [
      rule.id,
      JSON.stringify(rule.fault),
      JSON.stringify(rule.match ?? {}),
      rule.seen,
      rule.befallen,
      actionButton(buttons["remove-fault"]!, { fault: rule.id }),
    ]),
    below: [actionButton(buttons["clear-faults"]!), actionButton(buttons["release-held"]!)],
  })}
${table({
  id: "installations",
  title: "Installations",
  columns: ["time (UTC)", "app", "where", "scopes"],
  rows: emulator
    .installations()
    .map(({ installedAtMs, clientId, resource, scopes }) => [
      timeOf(installedAtMs),
      clientId,
      `${resource.kind} ${resource.id}`,
      scopes.join(" "),
    ]),
})}
${table({
  id: "webhooks",
  title: "Webhooks sent",
  columns: ["time (UTC)", "event", "to", "webhook id", "attempt", "answer"],
  rows: emulator.webhooks.sent.map(({ atMs, event, url, webhookId, attempt, status }) => [
    timeOf(atMs),
    event,
    url,
    webhookId,
    attempt,
    statusBadge(status),
  ]),
})}
${records(emulator.records())}`;
}

/** Renders the requests, newest first, with tokens as fingerprints, then the settings in force and the buttons. */
export function page(view: View): Html {
  const { stage, done } = view;
  const { emulator } = stage;
  const { window = "fixed", max, intervalMs, daily } = emulator.limits.current();
  const buttons = Object.fromEntries(buttonsOf(stage).map((action) => [action.id, action]));
  const number = new Intl.NumberFormat("en");
  return html`<a class="skip" href="#log">Skip to the requests</a>
<div class="wide stack"><header class="stack tight"><div class="row"><h1>Emulated HighLevel</h1><span class="badge warn">unofficial, for development</span></div>
<p class="quiet">Clock <time class="mono">${new Date(emulator.clock.now()).toISOString()}</time> · limit ${number.format(max)} in ${number.format(intervalMs)} ms (${window}), ${number.format(daily)} a day</p></header>
<main class="columns">
<div class="stack">${done === undefined ? "" : html`<p class="notice good" role="status">${done}</p>`}${requests(view, buttons["clear-log"]!)}</div>
<div class="stack">${controls(view)}${tables(stage, buttons)}</div></main></div>`;
}
