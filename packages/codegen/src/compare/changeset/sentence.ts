import type { Kind } from "../kinds.ts";
import type { Finding, Reach } from "../model.ts";
import { changeWords, plainWords } from "../render/words.ts";

/** Maximum number of methods that a sentence names. Above it, the sentence gives only their number. */
const MAX_CALLS = 4;

/** The action that a change asks of a user, where there is one. `{position}` is the parameter or field. */
const TO_DO: Readonly<Partial<Record<Kind, string>>> = {
  "operation-removed": "HighLevel no longer documents it; call something else",
  "operation-moved": "nothing to do in calls of the method; requests by path go to {after}",
  "path-parameter-renamed": "name the parameter `{after}` instead of `{before}`",
  "parameter-added-required": "give `{position}`, which is new and required",
  "parameter-removed": "leave out `{position}`, which is no longer taken",
  "parameter-moved": "nothing to do where the method's parameters are used; by path, send it as {after}",
  "parameter-now-required": "give `{position}`, which is required now",
  "parameter-encoding-changed": "nothing to do in calls of the method; `{position}` is written otherwise",
  "body-added-required": "give a body, which is required now",
  "body-removed": "leave out the body, which is no longer taken",
  "body-now-required": "give the body, which is required now",
  "method-name-changed": "call `{after}` instead of `{before}`",
};

const REQUEST: Readonly<Partial<Record<Kind, string>>> = {
  "property-added-required": "give `{position}`, which is new and required",
  "property-removed": "leave out `{position}`, which is no longer taken",
  "property-now-required": "give `{position}`, which is required now",
  "enum-values-removed": "do not send {before} as `{position}`",
  "enum-introduced": "send only {after} as `{position}`",
  "no-longer-nullable": "do not send null as `{position}`",
  "other-properties-forbidden": "send only documented fields in `{position}`",
};

const RESPONSE: Readonly<Partial<Record<Kind, string>>> = {
  "property-removed": "do not read `{position}`, which no longer comes",
  "property-now-optional": "be ready for an answer without `{position}`",
  "enum-values-added": "be ready for {after} as `{position}`",
  "enum-dropped": "be ready for any value as `{position}`",
  "now-nullable": "be ready for null as `{position}`",
};

/** A sentence of the changeset and the methods that it concerns. Findings with the same words share one sentence. */
export interface Sentence {
  readonly reaches: readonly Reach[];
  readonly text: string;
}

/** give `email`, which is required now */
export function toDoSentence(finding: Finding): Sentence {
  const parts: string[] = [];
  const general = TO_DO[finding.kind];
  if (general !== undefined) parts.push(fill(general, finding));
  else {
    if (finding.request === "breaking")
      parts.push(fill(REQUEST[finding.kind] ?? "check what you send: `{position}`, {change}", finding));
    if (finding.response === "breaking")
      parts.push(fill(RESPONSE[finding.kind] ?? "check what you read: `{position}`, {change}", finding));
  }
  if (parts.length === 0) parts.push(fill("{change}", finding));
  return { reaches: reachesToTell(finding), text: parts.join("; ") };
}

/** `tags`, new optional field */
export function newsSentence(finding: Finding): Sentence {
  const position = positionOf(finding);
  return { reaches: finding.reaches, text: (position === "" ? "" : `\`${position}\`, `) + changeWords(finding) };
}

/** Joins sentences with the same words into one line. Lines keep the order of their first sentence. */
export function joinSentences(sentences: readonly Sentence[]): string[] {
  const groups = new Map<string, Reach[]>();
  for (const { reaches, text } of sentences) groups.set(text, [...(groups.get(text) ?? []), ...reaches]);
  return [...groups].map(([text, reaches]) => `${callWords(reaches)}: ${text}.`);
}

/** A change that breaks requests only is of no interest to those who meet it in answers. */
function reachesToTell({ reaches, request, response }: Finding): readonly Reach[] {
  const breaking = reaches.filter(
    ({ side }) => side === undefined || (side === "request" ? request : response) === "breaking",
  );
  return breaking.length === 0 ? reaches : breaking;
}

function fill(text: string, finding: Finding): string {
  const words: Record<string, string> = {
    position: positionOf(finding),
    before: plainWords(finding.before),
    after: plainWords(finding.after),
    change: changeWords(finding),
  };
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name] ?? "");
}

/** The field as the caller of a method knows it: from the parameters, or from the answer. */
function positionOf(finding: Finding): string {
  const paths = [...new Set(reachesToTell(finding).map(({ path }) => path))];
  const [first = finding.path] = paths;
  const position = paths.length > 1 && finding.schema !== undefined ? finding.schema + finding.path : first;
  return position
    .replace(/^(?:path|query|header|cookie) /, "")
    .replace(/^(?:\d{3}|payload)(?: \([^)]*\))?\.?/, "")
    .replace(/^body(?=[[<])/, "body ")
    .replace(/^\./, "");
}

/** `contacts.createContact` and 12 more, with the generation where both are meant. */
function callWords(reaches: readonly Reach[]): string {
  const byDocument = new Map<string, string[]>();
  for (const { document, call } of reaches) {
    const calls = byDocument.get(call) ?? [];
    const api = /^v\d+(?=\/)/.exec(document)?.[0];
    if (api !== undefined && !calls.includes(api)) calls.push(api);
    byDocument.set(call, calls);
  }
  const names = [...byDocument].map(([call, apis]) => `\`${call}\`${apis.length === 0 ? "" : ` (${apis.join(", ")})`}`);
  if (names.length === 0) return "All methods";
  const rest = names.length - MAX_CALLS;
  return rest > 1 ? `${names.slice(0, MAX_CALLS).join(", ")} and ${rest} more` : names.join(", ");
}
