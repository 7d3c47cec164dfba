import type { Config } from "@ghl-edge/codegen";

// only the type is imported, so that `pnpm generate` runs from the sources before anything is built
export default {
  targets: {
    client: "packages/client/src/generated",
    emulator: "packages/emulator/src/generated",
    webhooks: "packages/webhooks/src/generated",
    operations: "docs/operations.md",
  },
  imports: "relative",
  packages: [
    { folder: "packages/client", follows: "operations" },
    // its users see answers, and no types
    { folder: "packages/emulator", follows: "operations", typed: false },
    { folder: "packages/webhooks", follows: "events" },
  ],
} satisfies Config;
