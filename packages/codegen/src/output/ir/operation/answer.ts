import type { Answer, Media, Response } from "../model.ts";
import type { Context } from "../reference.ts";
import { isJson } from "./media.ts";

const isEvents = (type: string): boolean => /^text\/event-stream\b/i.test(type);

/** The answers a call may succeed with; `default` where no other success is documented. */
function successesOf({ highLevel }: Context, responses: readonly Response[]): readonly Response[] {
  const successes = responses.filter(({ status }) => /^2/.test(status));
  if (successes.length > 0 || highLevel) return successes;
  return responses.filter(({ status }) => status === "default");
}

/** Returns the result of a call. A success without documented content says nothing about the answer, except 204 and 205. */
export function answerOf(context: Context, responses: readonly Response[]): Answer {
  const successes = successesOf(context, responses);
  const json = successes.flatMap(({ status, media }) => {
    const found = jsonOf(media);
    return found === undefined ? [] : [{ status, media: found }];
  });
  const empty = successes.some(({ status, media }) => media.length === 0 && isEmptyStatus(status));
  const others = context.highLevel ? [] : othersOf(successes);
  if (json.length > 0) return { kind: "json", of: json, empty, others };
  if (others.includes("events")) return { kind: "events", blob: others.includes("blob") };
  if (successes.some(({ media }) => media.length > 0)) return { kind: "binary" };
  return { kind: empty ? "void" : "unknown" };
}

function jsonOf(media: readonly Media[]): Media | undefined {
  return media.find(({ type }) => /^application\/json\b/i.test(type)) ?? media.find(({ type }) => isJson(type));
}

/** A stream is possible wherever it is documented; a file only where that answer has no JSON that is asked for. */
function othersOf(successes: readonly Response[]): ("blob" | "events")[] {
  const events = successes.some(({ media }) => media.some(({ type }) => isEvents(type)));
  const blob = successes.some(({ media }) => jsonOf(media) === undefined && media.some(({ type }) => !isEvents(type)));
  return [...(blob ? ["blob" as const] : []), ...(events ? ["events" as const] : [])];
}

/** Returns the media types to accept: the JSON of each success, or else all its documented types, and every stream. */
export function acceptsOf(responses: readonly Response[], answer: Answer): string[] {
  if (answer.kind === "headers") return ["*/*"];
  const documented = responses.filter(({ status }) => /^2/.test(status) || status === "default");
  const successes = documented.some(({ status }) => status !== "default")
    ? documented.filter(({ status }) => status !== "default")
    : documented;
  const types = successes.flatMap(({ media }) => {
    const json = jsonOf(media);
    const events = media.filter(({ type }) => isEvents(type));
    return json === undefined ? media : [json, ...events];
  });
  return [...new Set(types.map(({ type }) => type))];
}

/** RFC 9110, sections 15.3.5 and 15.3.6: no content. */
function isEmptyStatus(status: string): boolean {
  return status === "204" || status === "205";
}
