import { expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";

test.each([undefined, "preview", "production"])(
  "a deployment to %s fetches as from the internet and logs no URL",
  (env) => {
    const config = unstable_readConfig({ config: "wrangler.jsonc", env }, { hideWarnings: true });
    expect(config.compatibility_flags).toContain("global_fetch_strictly_public");
    expect(config.observability?.logs?.invocation_logs).toBe(false);
  },
);
