/** Packages whose tests run one after the other; the lanes run beside each other and take about the same time. */
export const LANES: readonly (readonly string[])[] = [
  ["@ghl-edge/gateway"],
  [
    "@ghl-edge/codegen",
    "smoke",
    "@ghl-edge/emulator",
    "@ghl-edge/oauth",
    "@ghl-edge/client",
    "@ghl-edge/rate-limit",
    "@ghl-edge/marketplace",
    "@ghl-edge/webhooks",
    "gateway",
    "@ghl-edge/core",
  ],
];
