/**
 * `pnpm --filter @ghl-edge/gateway run volume --events 1000000`: posts so many signed webhooks, three in ten of them repeats, in random
 * order to the gateway in workerd, and proves that each event has one row and one effect. Prints a table; exit code 1 on any
 * breach.
 */
import { parseArgs } from "node:util";

// These variables keep wrangler from using the network. They are set before wrangler is loaded.
Object.assign(process.env, {
  // a local trace of every event, which a deployed gateway does not write
  X_LOCAL_OBSERVABILITY: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG: "warn",
  WRANGLER_SEND_METRICS: "false",
});
const { runVolume } = await import("./run.ts");

const { values } = parseArgs({
  // pnpm passes the dashes on
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    events: { type: "string", default: "10000" },
    duplicates: { type: "string", default: "0.3" },
    locations: { type: "string", default: "100" },
    "at-once": { type: "string", default: "32" },
    progress: { type: "boolean", default: false },
  },
});
const posts = Number(values.events);
const { distinct, acks, delivered, deliveredSeconds, memoryMb, breaches } = await runVolume({
  posts,
  duplicates: Number(values.duplicates),
  locations: Number(values.locations),
  atOnce: Number(values["at-once"]),
  log: values.progress ? (line) => console.error(line) : () => {},
});
const counts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .map(([name, count]) => `${count} × ${name}`)
    .join(", ");
const rows: readonly (readonly [string, string])[] = [
  ["posted", `${posts}, ${distinct} different, ${values.locations} locations, ${values["at-once"]} at once`],
  ["answers", counts(acks.statuses)],
  ["outcomes", counts(acks.outcomes)],
  ["acknowledged, per s", (posts / acks.seconds).toFixed(0)],
  ["delivered", `${delivered}, all in ${deliveredSeconds.toFixed(1)} s`],
  ["delivered, per s", (delivered / deliveredSeconds).toFixed(0)],
  ["memory of workerd at most, MB", memoryMb?.toFixed(0) ?? "unknown"],
  ["breaches", breaches.length === 0 ? "none" : String(breaches.length)],
];
console.log(["| what | |", "|---|---|", ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join("\n"));
for (const breach of breaches) console.error(`breach: ${breach}`);
process.exitCode = breaches.length === 0 ? 0 : 1;
