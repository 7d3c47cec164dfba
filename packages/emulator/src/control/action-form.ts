import { html } from "hono/html";
import type { Html } from "../page/document.ts";
import type { Action, Field, Values } from "./actions.ts";

/** A form that was refused: what was sent, and why. */
export interface Refused {
  readonly id: string;
  readonly values: Values;
  readonly message: string;
}

function control(
  id: string,
  { name, kind, options = [], required, value = "" }: Field,
  given: string | undefined,
): Html {
  const shown = given ?? value;
  const needed = required ? html` required` : "";
  switch (kind) {
    case "select":
      return html`<select id="${id}" name="${name}">${options.map(
        ([option, words]) =>
          html`<option value="${option}"${option === shown ? html` selected` : ""}>${words}</option>`,
      )}</select>`;
    case "json":
      return html`<textarea id="${id}" name="${name}" rows="3" spellcheck="false"${needed}>${shown}</textarea>`;
    case "tick":
      return html`<input id="${id}" name="${name}" type="checkbox" value="yes"${needed}>`;
    default:
      return html`<input id="${id}" name="${name}" type="${kind}"${kind === "number" ? html` step="any"` : ""} value="${shown}" autocomplete="off"${needed}>`;
  }
}

/** Form of a button, closed until it is opened or refused. It works without scripts. */
export function actionForm({ id, title, button, fields }: Action, refused: Refused | undefined): Html {
  const own = refused?.id === id ? refused : undefined;
  const rows = fields.map((field) => {
    const inputId = `${id}-${field.name}`;
    const input = control(inputId, field, own?.values[field.name]);
    const label = html`<label for="${inputId}">${field.label}</label>`;
    return field.kind === "tick" ? html`<div class="tick">${input}${label}</div>` : html`<div>${label}${input}</div>`;
  });
  return html`<details class="action"${own === undefined ? "" : html` open`}><summary>${title}</summary>
<form method="post" action="/__emulator/do/${id}" class="stack">
${own === undefined ? "" : html`<p class="notice bad" role="alert">${own.message}</p>`}
${rows}<button class="primary">${button}</button></form></details>`;
}

/** A button without a form around it to fill in. */
export function actionButton({ id, button }: Action, hidden: Values = {}): Html {
  const about = Object.values(hidden).join(" ");
  return html`<form method="post" action="/__emulator/do/${id}">${Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button>${button}${about === "" ? "" : ` ${about}`}</button></form>`;
}
