import { html, raw } from "hono/html";
import type { Html } from "../page/document.ts";

/** Newest rows that are shown. */
const SHOWN = 200;
/** Columns whose texts may be long: broken after a dot or slash, at need anywhere. */
const LONG: readonly string[] = ["app", "where", "scopes", "to", "rule", "match"];

type Cell = string | number | Html;

export interface Table {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Buttons below the table. */
  readonly below?: readonly Html[];
}

function cell(column: string, value: Cell): Html {
  if (!LONG.includes(column) || typeof value !== "string")
    return html`<td role="cell" data-column="${column}">${value}</td>`;
  const pieces = value.split(/(?<=[./])/).flatMap((piece) => [piece, raw("<wbr>")]);
  return html`<td role="cell" data-column="${column}" class="long">${pieces}</td>`;
}

/**
 * A table with its heading. Each row is shown as a list, with the names of the columns before the values, so that it fits every window. Explicit
 * roles keep it a table for screen readers, because `display: block` removes the table's own roles in some browsers.
 */
export function table({ id, title, columns, rows, below = [] }: Table): Html {
  const shown = rows.length > SHOWN ? `, the newest ${SHOWN}` : "";
  const heading = html`<h2 id="${id}">${title} (${rows.length}${shown})</h2>`;
  if (rows.length === 0)
    return html`<section class="card stack tight" aria-labelledby="${id}">${heading}<p class="quiet">None yet.</p></section>`;
  const lines = rows
    .slice(-SHOWN)
    .toReversed()
    .map((row) => html`<tr role="row">${row.map((value, index) => cell(columns[index] ?? "", value))}</tr>`);
  return html`<section class="card stack tight">${heading}<table role="table" aria-labelledby="${id}"><thead role="rowgroup"><tr role="row">${columns.map(
    (column) => html`<th role="columnheader" scope="col">${column}</th>`,
  )}</tr></thead><tbody role="rowgroup">${lines}</tbody></table>${below.length === 0 ? "" : html`<div class="row">${below}</div>`}</section>`;
}
