import { escapeHtml } from "../core/html.ts";
import type { Emulator } from "../emulator.ts";

/** Newest ones that are shown. */
const SHOWN = 200;
const STYLE = `body{font:14px/1.4 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}
h2{margin:2rem 0 .5rem;font-size:1.1rem}table{border-collapse:collapse}
th,td{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}
.bad{color:#a00}.empty{color:#666}`;

type Cell = string | number | undefined;

function cell(value: Cell): string {
  return `<td>${escapeHtml(String(value ?? ""))}</td>`;
}

function table(
  id: string,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  bad?: (row: readonly Cell[]) => boolean,
): string {
  const heading = `<h2 id="${id}">${title} (${rows.length})</h2>`;
  if (rows.length === 0) return `${heading}<p class="empty">None yet.</p>`;
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join("");
  const lines = rows
    .slice(-SHOWN)
    .toReversed()
    .map((row) => `<tr${bad?.(row) ? ' class="bad"' : ""}>${row.map(cell).join("")}</tr>`);
  return `${heading}<table aria-labelledby="${id}"><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

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
    entry.status,
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
    one.status,
  ]);
  const faults = emulator.faults
    .list()
    .map((rule) => [rule.id, JSON.stringify(rule.fault), JSON.stringify(rule.match ?? {}), rule.seen, rule.befallen]);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Emulated HighLevel</title>${reload}<style>${STYLE}</style>
<h1>Emulated HighLevel</h1>
<p>Unofficial, and not HighLevel. Clock ${escapeHtml(new Date(emulator.clock.now()).toISOString())} ·
limit ${max} in ${intervalMs} ms (${escapeHtml(window)}), ${daily} a day · ${seconds > 0 ? '<a href="?">stop reloading</a>' : '<a href="?refresh=2">reload every 2 s</a>'}</p>
${table("log", "Requests", ["time", "method", "path", "status", "operation", "resource", "token", "why", "fault"], log, (row) => Number(row[3]) >= 400 || row[3] === 0)}
${table("installations", "Installations", ["time", "app", "where", "scopes"], installed)}
${table("webhooks", "Webhooks sent", ["time", "event", "to", "webhook id", "attempt", "answer"], sent, (row) => Number(row[5]) < 200 || Number(row[5]) > 299)}
${table("faults", "Faults in force", ["id", "fault", "match", "seen", "befallen"], faults)}
${table("records", "Records", ["collection", "count"], Object.entries(emulator.records()))}
</html>`;
}
