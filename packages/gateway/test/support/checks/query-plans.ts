/** The plan of a statement, and where it runs. */
export interface Plan {
  readonly at: keyof typeof SMALL;
  readonly query: string;
  readonly details: readonly string[];
}

/** Tables that a statement may read whole, with the reason why they stay small. */
const SMALL = {
  directory: {
    operator: "a team's operators",
    installation_count: "a row for each app and state",
    page: "a page of the search for inactive locations",
    CONSTANT: "no table",
    json_each: "a bound value",
  },
  objects: {
    sqlite_master: "a row for each table and index",
    tenant: "one row",
    token_record: "a row for each source: four at most",
    inbox: "one row",
    dispatcher: "one row",
    event_outbox: "events on their way to an inbox; a read takes a limited number",
    CONSTANT: "no table",
    json_each: "a bound value",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Statements that read a growing table in the order of a key and stop: at a LIMIT, or when their reader stops. */
const BOUNDED: readonly RegExp[] = [
  // No condition skips rows, so a LIMIT ends the scan.
  /^SELECT [^()]+ FROM \w+( INDEXED BY \w+)?( WHERE (is_summary = 1|state = 'due' AND blocked = 0))? ORDER BY \w+( DESC)? LIMIT (\d+|\?\d?)$/,
  /^SELECT 1 FROM event_task LIMIT 1$/,
  /^SELECT app, resource_kind, resource_id, day, listed, (routed_seq|max\(routed_seq, coalesce\(\(SELECT routed_seq FROM event ORDER BY seq DESC LIMIT 1)/,
  /^SELECT keys FROM delivered_block WHERE block > coalesce\(\(SELECT block FROM delivered_block INDEXED BY/,
  /^DELETE FROM event WHERE received_at_ms < \?1 AND seq IN \(SELECT seq FROM event ORDER BY seq LIMIT 1000\)/,
];

/** Statements that read all of a growing table. Each is off the way of events and calls, or its table has a bound of its own. */
const EXCEPTIONS: Readonly<Record<string, RegExp>> = {
  "tasks that could not be done at once, of one day and resource; 100 due ones end the read":
    /FROM event_task WHERE next/,
  "an erasure reads what may be the location's":
    /^(SELECT count\(\*\) AS n|DELETE) FROM (buffered_event WHERE json_extract|delivery WHERE resource_kind)|FROM delivered_block WHERE instr/,
  "an erasure counts the events that it removes": /^SELECT count\(\*\) AS n FROM event$/,
  "an operator's count or retry of the dead letters that match a query":
    /FROM delivery WHERE state = 'dead' AND \(\?3 IS NULL|^UPDATE delivery SET state = 'due'/,
  "a delivery that comes again is looked for in the newest blocks first, until its block is found":
    /^SELECT block, at_ms, deliveries FROM delivered_block ORDER BY block DESC$/,
  "an operator's status counts the due and the dead deliveries in indexes that have no others":
    /^SELECT (count\(\*\) AS n|min\(created_at_ms\) AS n) FROM delivery INDEXED BY delivery_(due|dead) WHERE state = '(due|dead)'$/,
  "a count of the waiting deliveries, only when there may be too many":
    /^SELECT count\(\*\) AS deliveries, coalesce\(sum\(length\(body\)\), 0\) AS bytes/,
  "a company's locations, all of which its end is about": /^UPDATE location SET event = \?, at_ms = \?$/,
  "a reconciliation reads the events of one location and day":
    /^SELECT coalesce\(event_at_ms, received_at_ms\) AS at_ms, body FROM event/,
  "the newest event of HighLevel of one location and day":
    /^SELECT received_at_ms AS n FROM event WHERE source = 'highlevel'/,
  "held events have a bound; an object that wakes counts them": /FROM held_event$/,
  "a company's locations to notify; a LIMIT ends the read": /FROM location WHERE event IS NOT NULL LIMIT \?$/,
  "resources of held events; an index of times": /FROM held_resource WHERE next_check_at_ms/,
};

const normalized = (query: string): string => query.replace(/\s+/g, " ").trim();

/** Returns the growing tables that a statement reads whole, each with the statement. */
export function unboundedScans({ at, query, details }: Plan): string[] {
  const text = normalized(query);
  if (BOUNDED.some((form) => form.test(text)) || Object.values(EXCEPTIONS).some((form) => form.test(text))) return [];
  return details
    .flatMap((detail) => /^SCAN (\w+)/.exec(detail)?.[1] ?? [])
    .filter((table) => !(table in SMALL[at]))
    .map((table) => `${table}: ${text}`);
}
