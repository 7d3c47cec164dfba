import { escapeHtml } from "../core/html.ts";
import type { Emulator } from "../emulator-api.ts";

/** Newest ones that are shown. */
const SHOWN = 200;
/** Columns whose texts may be long: broken after a dot or slash, at need anywhere. */
const LONG: readonly string[] = ["path", "operation", "why", "scopes", "to", "rule", "match"];
/** Where a table would not fit, each row is a list of its own, with the names of its columns before their values. */
const STYLE = `body{font:14px/1.4 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}
h2{margin:2rem 0 .5rem;font-size:1.1rem}table{border-collapse:collapse}
th,td{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}
.long{overflow-wrap:anywhere;min-width:9rem}.bad{color:#a00}.empty{color:#666}
@media(max-width:75rem){body{margin:1rem}thead{display:none}
table,tbody,tr{display:block}tr{padding:.5rem 0;border-bottom:1px solid #999}
td{display:block;padding:0 0 0 7rem;border:0;overflow-wrap:anywhere}td:empty{display:none}
td::before{content:attr(data-column);float:left;width:7rem;margin-left:-7rem;color:#666}}`;

type Cell = string | number | undefined;

function cellOf(column: string, value: Cell): string {
  const text = escapeHtml(String(value ?? ""));
  const label = ` data-column="${column}"`;
  if (!LONG.includes(column)) return `<td${label}>${text}</td>`;
  return `<td${label} class="long">${text.replaceAll(/[./]/g, "$&<wbr>")}</td>`;
}

function table(
  id: string,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  bad?: (row: readonly Cell[]) => boolean,
): string {
  const shown = rows.length > SHOWN ? `, the newest ${SHOWN}` : "";
  const heading = `<h2 id="${id}">${title} (${rows.length}${shown})</h2>`;
  if (rows.length === 0) return `${heading}<p class="empty">None yet.</p>`;
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join("");
  const lines = rows
    .slice(-SHOWN)
    .toReversed()
    .map(
      (row) =>
        `<tr${bad?.(row) ? ' class="bad"' : ""}>${row.map((value, index) => cellOf(columns[index]!, value)).join("")}</tr>`,
    );
  return `${heading}<table aria-labelledby="${id}"><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

/** A status of 0 stands for no answer at all. */
const answered = (status: number): Cell => status || "none";
const isBad = (status: Cell, fromStatus: number): boolean => !(Number(status) >= 200 && Number(status) < fromStatus);
const time = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

/** What the emulator has seen and what is in force: newest first, tokens as fingerprints. `?refresh=2` reloads. */
export function page(emulator: Emulator, refresh: string | undefined): string {
  const { window = "fixed", max, intervalMs, daily } = emulator.limits.current();
  const seconds = Number(refresh);
  const reload = seconds > 0 ? `<meta http-equiv="refresh" content="${seconds}">` : "";
  const log = emulator.log.map((entry) => [
    time(entry.atMs),
    entry.method,
    entry.path,
    answered(entry.status),
    entry.operation ?? entry.grantType,
    entry.resource?.id,
    entry.tokenFingerprint,
    entry.refused ?? entry.breaches?.join("; "),
    entry.fault,
  ]);
  const installed = emulator
    .installations()
    .map((app) => [
      time(app.installedAtMs),
      app.clientId,
      `${app.resource.kind} ${app.resource.id}`,
      app.scopes.join(" "),
    ]);
  const sent = emulator.webhooks.sent.map((one) => [
    time(one.atMs),
    one.event,
    one.url,
    one.webhookId,
    one.attempt,
    answered(one.status),
  ]);
  const faults = emulator.faults
    .list()
    .map((rule) => [rule.id, JSON.stringify(rule.fault), JSON.stringify(rule.match ?? {}), rule.seen, rule.befallen]);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Emulated HighLevel</title><link rel="icon" href="data:,">${reload}<style>${STYLE}</style>
<main><h1>Emulated HighLevel</h1>
<p>Unofficial, and not HighLevel. Clock ${escapeHtml(new Date(emulator.clock.now()).toISOString())} ·
limit ${max} in ${intervalMs} ms (${escapeHtml(window)}), ${daily} a day · ${seconds > 0 ? '<a href="?">stop reloading</a>' : '<a href="?refresh=2">reload every 2 s</a>'}</p>
${table("log", "Requests", ["time (UTC)", "method", "path", "status", "operation", "resource", "token", "why", "fault"], log, (row) => isBad(row[3], 400))}
${table("installations", "Installations", ["time (UTC)", "app", "where", "scopes"], installed)}
${table("webhooks", "Webhooks sent", ["time (UTC)", "event", "to", "webhook id", "attempt", "answer"], sent, (row) => isBad(row[5], 300))}
${table("faults", "Faults in force", ["id", "rule", "match", "seen", "befallen"], faults)}
${table("records", "Records", ["collection", "count"], Object.entries(emulator.records()))}
</main></html>`;
}
