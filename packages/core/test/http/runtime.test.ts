import { expect, it } from "vitest";
import { resolveRuntime, sleepByTimer } from "../../src/index.ts";

it("a runtime without options is the platform's", () => {
  const { now, random, sleep } = resolveRuntime({});
  expect(Math.abs(now() - Date.now())).toBeLessThan(1_000);
  expect(random()).toBeLessThan(1);
  expect(sleep).toBe(sleepByTimer);
});

it("a runtime uses every function that it is given", async () => {
  const sleep = async (): Promise<void> => {};
  const runtime = resolveRuntime({
    now: () => 7,
    random: () => 0.5,
    sleep,
    fetch: async ({ url }) => new Response(url),
  });
  expect([runtime.now(), runtime.random(), runtime.sleep]).toEqual([7, 0.5, sleep]);
  expect(await (await runtime.fetch("https://api.example/x", {})).text()).toBe("https://api.example/x");
});
