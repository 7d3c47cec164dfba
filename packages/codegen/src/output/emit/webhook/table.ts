import type { WebhookEventModel, WebhookModel } from "../../ir/webhook/model.ts";

/** Text that cannot leave its cell of a Markdown table. */
function cellText(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ").trim();
}

const code = (text: string): string => `\`${cellText(text)}\``;

const TOLD_BY = {
  event: "`type`",
  alias: "`type`",
  channel: "URL",
  payload: "`type` or URL",
  absent: "`type` or URL",
  undocumented: "`type`, presumed",
} as const;

function row(event: WebhookEventModel): string {
  const data = event.payload === undefined ? "envelope only" : code(event.payload);
  const scopes = event.scopes === undefined ? "" : event.scopes.map(code).join(" ");
  const wire = event.discriminator === "channel" ? "(channel)" : event.wire.map(code).join(" ");
  return `| ${[code(event.name), wire, TOLD_BY[event.discriminator], data, scopes, event.status].join(" | ")} |`;
}

/** Markdown: one row per event. */
export function webhookTable(model: WebhookModel): string {
  return [
    "| event | `type` on the wire | identified by | data | scope | source |",
    "|---|---|---|---|---|---|",
    ...model.events.map(row),
    "",
  ].join("\n");
}
