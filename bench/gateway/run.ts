/**
 * `pnpm bench:gateway [--write | [--short] [--only latency,cost]]`: the gateway beside a bare proxy, and what a call costs. Prints a
 * table, or with `--json` every row; `--write` also puts the table into docs/design/benchmarks-gateway.md and every row into
 * gateway/results.json.
 */
import { runSections } from "../lib/sections.ts";

await runSections(
  {
    latency: async () => (await import("./latency.ts")).latency,
    cost: async () => (await import("./cost.ts")).cost,
  },
  { page: "docs/design/benchmarks-gateway.md", results: "bench/gateway/results.json" },
);
