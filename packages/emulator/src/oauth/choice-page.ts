import { html } from "hono/html";
import type { EmulatedApp, EmulatedCompany } from "../core/options/emulator-options.ts";
import type { Html } from "../page/document.ts";
import { describeScopes } from "./scope-words.ts";

/** Query parameters that hold a choice. The page keeps every other parameter. */
const CHOICES = ["locationId", "companyId", "cancel", "install"];

export interface Choice {
  readonly company: EmulatedCompany;
  readonly app: EmulatedApp;
  readonly url: URL;
  readonly scopes: readonly string[];
  /** Problem of the choice that was sent. Absent: none was sent yet. */
  readonly problem?: string | undefined;
}

function scopeList(scopes: readonly string[]): Html {
  if (scopes.length === 0) return html`<p>It asks for no scope: its tokens can call nothing that needs one.</p>`;
  return html`<ul class="plain stack tight">${describeScopes(scopes).map(
    ({ subject, access, scopes: names }) =>
      html`<li><strong>${subject}</strong>: ${access.join("; ")} <span class="quiet"><code>${names.join(" ")}</code></span></li>`,
  )}</ul>`;
}

function locationChoices({ company, url, problem }: Choice): Html {
  const ticked = url.searchParams.getAll("locationId");
  const described = problem === undefined ? "" : html` aria-describedby="problem"`;
  return html`<fieldset class="stack tight"${described}><legend>Locations</legend>
<p class="quiet">One location gets a token of its own. Several get a token of the company, from which theirs are made.</p>
<ul class="plain stack tight">${company.locations.map(
    ({ id, name }) =>
      html`<li><label class="choice"><input type="checkbox" name="locationId" value="${id}"${ticked.includes(id) ? html` checked` : ""}><span>${name}<code>${id}</code></span></label></li>`,
  )}</ul></fieldset>`;
}

/** A form for the choice: locations to tick, the whole company, or neither. Works without scripts. */
export function choicePage(choice: Choice): Html {
  const { company, app, url, scopes, problem } = choice;
  const carried = Array.from(url.searchParams)
    .filter(([name]) => !CHOICES.includes(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const hasLocations = app.target !== "agency" && company.locations.length > 0;
  const ofCompany = app.target === "agency" ? company.name : `${company.name} and all its locations`;
  return html`<main class="narrow stack"><header class="stack tight"><p><span class="badge warn">Emulator, not HighLevel</span></p>
<h1>Install an app</h1><p>App <code>${app.clientId}</code> asks to be installed.</p></header>
${problem === undefined ? "" : html`<p class="notice bad" id="problem" role="alert">${problem}</p>`}
<section class="card stack tight" aria-labelledby="scopes"><h2 id="scopes">What it may do</h2>${scopeList(scopes)}</section>
<form action="${url.pathname}" class="card stack">${carried}
${hasLocations ? locationChoices(choice) : ""}
<div class="row actions">${hasLocations ? html`<button class="primary" name="install" value="locations">Install in the ticked locations</button>` : ""}
<button${hasLocations ? "" : html` class="primary"`} name="companyId" value="${company.id}">Install in ${ofCompany}</button>
<button name="cancel" value="1">Cancel</button></div></form>
<p class="quiet small">Afterwards you are sent to <code>${url.searchParams.get("redirect_uri")}</code></p></main>`;
}
