/**
 * `pnpm bench:webhooks [--write | [--short] [--only acks,delivery,cost]]`: webhooks that are verified and stored beside a Worker that
 * only answers 200, how fast events reach endpoints, and what an event costs. Prints a table, or with `--json` every row; `--write`
 * also puts the table into docs/design/benchmarks-webhooks.md and every row into webhooks/results.json.
 */
import { runSections } from "../lib/sections.ts";

await runSections(
  {
    acks: async () => (await import("./acks.ts")).acks,
    delivery: async () => (await import("./delivery.ts")).delivery,
    cost: async () => (await import("./cost.ts")).cost,
  },
  { page: "docs/design/benchmarks-webhooks.md", results: "bench/webhooks/results.json" },
);
