import { errorReferenceUrl } from "./error-reference.ts";

/** Members of every problem. A caller adds its own (RFC 9457 section 3.2). */
export interface ProblemFields {
  /** Stable code of the error. */
  readonly code: string;
  /** Summary in a few words; the same for every occurrence. */
  readonly title: string;
  /** HTTP status. */
  readonly status: number;
}

/** Problem details as they are sent. */
export type ProblemDetails<Fields extends ProblemFields> = { readonly type: string } & Fields;

/** Completes problem details with `type`: the URL of the code's entry in the error reference. */
export function problemDetails<Fields extends ProblemFields>(fields: Fields): ProblemDetails<Fields> {
  return { type: errorReferenceUrl(fields.code), ...fields };
}

/** Writes a response with problem details (RFC 9457). No cache stores it. */
export function problemResponse(fields: ProblemFields, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problemDetails(fields)), {
    status: fields.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}
