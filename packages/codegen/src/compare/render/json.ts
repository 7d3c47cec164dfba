import type { Report } from "../report.ts";

/** The report as one JSON value; a change that does not apply is left out. */
export function renderJson({ diff, types, bumps }: Report): string {
  const { counts, documents, findings, notCompared } = diff;
  const unread = notCompared.length === 0 ? {} : { notCompared };
  return `${JSON.stringify({ counts, documents, bumps, findings, ...unread, ...(types === undefined ? {} : { types }) }, null, 2)}\n`;
}
