/**
 * Child program: `node programs/call-server.ts <caller>`. For each `{ kind, calls }` line on standard input it makes so many calls, one
 * after the other, against a `fetch` that answers at once, and prints microseconds per call.
 */
import { createInterface } from "node:readline";
import { type CallKind, callers } from "../peers/callers.ts";

const ANSWER = JSON.stringify({
  contact: {
    id: "c1",
    locationId: "l1",
    firstName: "Ada",
    lastName: "Lovelace",
    email: "ada@example.com",
    tags: ["first", "programmer"],
    customFields: Array.from({ length: 10 }, (_, index) => ({ id: `field-${index}`, value: `value ${index}` })),
  },
});
const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "content-length": String(ANSWER.length),
  "x-ratelimit-limit-daily": "200000",
  "x-ratelimit-daily-remaining": "199999",
  "x-ratelimit-interval-milliseconds": "10000",
  "x-ratelimit-max": "100",
  "x-ratelimit-remaining": "99",
};

const stub: typeof fetch = async () => new Response(ANSWER, { status: 200, headers: HEADERS });
// one of the peers takes the platform's when it is loaded
globalThis.fetch = stub;

const call = await callers[process.argv[2]!]!(stub);
for await (const line of createInterface({ input: process.stdin })) {
  const { kind, calls } = JSON.parse(line) as { kind: CallKind; calls: number };
  const answer = (await call(kind)) as { contact?: { id?: string } } | undefined;
  if (answer?.contact?.id !== "c1") throw new Error(`${process.argv[2]} did not answer the contact`);
  const startMs = performance.now();
  for (let index = 0; index < calls; index++) await call(kind);
  console.log(((performance.now() - startMs) * 1000) / calls);
}
