import { expect, test } from "vitest";
import { type Unstable_Config, unstable_readConfig } from "wrangler";

const needed: Unstable_Config = unstable_readConfig(
  { config: "../../packages/gateway/wrangler.jsonc" },
  { hideWarnings: true },
);
const read = (env: string | undefined): Unstable_Config =>
  unstable_readConfig({ config: "wrangler.jsonc", env }, { hideWarnings: true });

test.each([undefined, "preview", "production"])(
  "a deployment to %s fetches as from the internet and logs no URL",
  (env) => {
    const config = read(env);
    expect(config.compatibility_flags).toContain("global_fetch_strictly_public");
    expect(config.observability?.logs?.invocation_logs).toBe(false);
  },
);

test.each([undefined, "preview", "production"])("a deployment to %s binds all that @ghl-edge/gateway needs", (env) => {
  const config = read(env);
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  expect(config.durable_objects.bindings).toEqual(needed.durable_objects.bindings);
  expect(config.migrations).toEqual(needed.migrations);
  expect(config.d1_databases.map(({ binding }) => binding)).toEqual(needed.d1_databases.map(({ binding }) => binding));
  expect(config.queues.producers?.map(({ binding }) => binding)).toEqual(
    needed.queues.producers?.map(({ binding }) => binding),
  );
  expect(config.queues.consumers).toHaveLength(needed.queues.consumers!.length);
  expect(names(config.ratelimits)).toEqual(names(needed.ratelimits));
  expect(Object.keys(config.vars).sort()).toEqual(Object.keys(needed.vars).sort());
  expect(config.secrets).toEqual(needed.secrets);
  expect(config.triggers).toEqual(needed.triggers);
  expect(config.compatibility_date).toBe(needed.compatibility_date);
});
