import { arrayAt, type Json, objectAt } from "../../../json/json.ts";

/** The first server, where it is an absolute address that can stand before a path: no query, no open variable. */
export function serverOf(servers: Json | undefined): string | undefined {
  const url = objectAt(arrayAt(servers)[0]).url;
  return typeof url === "string" && /^https?:\/\/[^/?#{}][^?#{}]*$/i.test(url) ? url.replace(/\/+$/, "") : undefined;
}
