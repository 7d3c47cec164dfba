import type { Resource } from "@ghl-edge/core";

/**
 * Fields of a log line. No other field is logged. A line is one JSON object, so that a log pipeline can search it. No
 * field can hold a token, a header, a body or a query.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly app?: string;
  readonly resource?: Resource;
  readonly keyName?: string;
  readonly operation?: string;
  readonly method?: string;
  /** Our route, with its parameter names. */
  readonly route?: string;
  readonly httpStatus?: number;
  readonly code?: string;
  readonly durationMs?: number;
  readonly waitMs?: number;
  /** Number of times that a call was sent again. */
  readonly retries?: number;
  readonly outcome?: string;
  /** Source of a token. */
  readonly source?: string;
  /** Id of a key of `TOKEN_KEYS`. */
  readonly keyId?: string;
  readonly status?: string;
  readonly event?: string;
  readonly webhookId?: string;
  /** HighLevel left out the event's data: its body would have been too large. */
  readonly isTruncated?: boolean;
  readonly endpointId?: string;
  /** Id of a workflow receiver. */
  readonly workflowReceiverId?: string;
  /** Id that the gateway gave the event, as endpoints see it. */
  readonly eventId?: string;
  /** Path of the field of an invalid configuration, as `APPS.main.clientId`. */
  readonly setting?: string;
  /** Expected value of that field. The present value is never logged. */
  readonly expected?: string;
  /** Class of an unexpected error. Its message may quote what it choked on, so it stays out. */
  readonly errorName?: string;
}

/** Fields in the order of a line. */
export const LOG_FIELDS: readonly (keyof LogFields)[] = [
  "requestId",
  "app",
  "resource",
  "keyName",
  "operation",
  "method",
  "route",
  "httpStatus",
  "code",
  "durationMs",
  "waitMs",
  "retries",
  "outcome",
  "source",
  "keyId",
  "status",
  "event",
  "webhookId",
  "isTruncated",
  "endpointId",
  "workflowReceiverId",
  "eventId",
  "setting",
  "expected",
  "errorName",
];

export function logEvent(what: string, fields: LogFields): void {
  const line: Record<string, unknown> = { what };
  for (const name of LOG_FIELDS) if (fields[name] !== undefined) line[name] = fields[name];
  console.log(JSON.stringify(line));
}
