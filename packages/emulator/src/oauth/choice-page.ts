import type { EmulatedApp, EmulatedCompany } from "../core/emulator-options.ts";
import { escapeHtml } from "../core/html.ts";

/** What a choice is written into; everything else of the query is carried along. */
const CHOICES = ["locationId", "companyId", "cancel"];

const attribute = (name: string, value: string): string => ` ${name}="${escapeHtml(value)}"`;

/** A form for the choice: locations to tick, the whole agency, or neither. Works without scripts. */
export function choicePage(company: EmulatedCompany, app: EmulatedApp, url: URL, scopes: readonly string[]): string {
  const carried = Array.from(url.searchParams)
    .filter(([name]) => !CHOICES.includes(name))
    .map(([name, value]) => `<input type="hidden"${attribute("name", name)}${attribute("value", value)}>`);
  const locations =
    app.target === "agency"
      ? []
      : company.locations.map(
          ({ id, name }) =>
            `<li><label><input type="checkbox" name="locationId"${attribute("value", id)}> ${escapeHtml(name)} <code>${escapeHtml(id)}</code></label></li>`,
        );
  const chosen =
    locations.length === 0
      ? ""
      : `<ul>${locations.join("")}</ul><p><button>Install in the ticked sub-accounts</button></p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Emulated HighLevel: install an app</title>
<h1>Where should this app be installed?</h1><p>This is an emulator, not HighLevel. App <code>${escapeHtml(app.clientId)}</code>${
    scopes.length === 0 ? "" : `, which asks for ${escapeHtml(scopes.join(", "))}`
  }.</p>
<form${attribute("action", url.pathname)}>${carried.join("")}${chosen}
<p><button name="companyId"${attribute("value", company.id)}>Install in ${escapeHtml(company.name)}${
    app.target === "agency" ? "" : " and all its sub-accounts"
  }</button></p>
<p><button name="cancel" value="1">Cancel</button></p></form></html>`;
}
