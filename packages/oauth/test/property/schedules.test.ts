import fc from "fast-check";
import { expect, test } from "vitest";
import { type GrantState, readGrant } from "../../src/index.ts";
import { type Mood, World } from "./model.ts";
import { PROPERTY_TIMEOUT_MS } from "./runs.ts";

const DAY_MS = 86_400_000;
const PROCESSES = 3;
const process = fc.nat({ max: PROCESSES - 1 });
const index = fc.nat({ max: 7 });

/** One thing that happens. The state a stale process works with is the one of `age` changes ago. */
type Happening =
  | { readonly do: "tick" | "save" | "crash" | "reject"; readonly process: number }
  | { readonly do: "stale"; readonly process: number; readonly age: number }
  | { readonly do: "serve"; readonly index: number; readonly again: boolean }
  | { readonly do: "deliver"; readonly index: number; readonly lose: boolean }
  | { readonly do: "loseRequest"; readonly index: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "jump"; readonly process: number; readonly ms: number }
  | { readonly do: "mistake" }
  | { readonly do: "mood"; readonly mood: Mood }
  | { readonly do: "store"; readonly fails: World["storeFails"] };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("tick" as const), process }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("serve" as const), index, again: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver" as const), index, lose: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.oneof(fc.nat({ max: 7_000 }), fc.nat({ max: 90_000 }), fc.constant(86_400_000)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("save" as const, "reject" as const, "crash" as const), process }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("stale" as const), process, age: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("loseRequest" as const), index }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("jump" as const),
      process,
      ms: fc.oneof(fc.integer({ min: -120_000, max: 120_000 }), fc.integer({ min: -30 * DAY_MS, max: 30 * DAY_MS })),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "mistake" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("mood" as const),
      mood: fc.constantFrom<Mood>("well", "well", "down", "limited", "paused", "misconfigured"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("store" as const),
      fails: fc.constantFrom("no" as const, "no" as const, "lost" as const, "unknown" as const),
    }),
  },
);

function play(world: World, happenings: readonly Happening[]): void {
  const past: GrantState[] = [];
  for (const each of happenings) {
    past.push(world.state);
    switch (each.do) {
      case "tick":
        world.tick(each.process);
        break;
      case "stale":
        world.tick(each.process, past.at(-each.age));
        break;
      case "save":
        world.save(each.process);
        break;
      case "crash":
        world.crash(each.process);
        break;
      case "reject":
        world.event(each.process, { type: "rejected" });
        break;
      case "serve":
        world.serve(each.index, each.again);
        break;
      case "deliver":
        world.deliver(each.index, each.lose);
        break;
      case "loseRequest":
        world.loseRequest(each.index);
        break;
      case "pass":
        world.nowMs += each.ms;
        break;
      case "jump":
        world.jump(each.process, each.ms);
        break;
      case "mistake":
        if (world.mistaken === "not yet") world.mistaken = "next";
        break;
      case "mood":
        world.mood = each.mood;
        break;
      case "store":
        world.storeFails = each.fails;
        break;
    }
  }
}

const schedule = fc.array(happening, { minLength: 5, maxLength: 80 });
const grace = fc.constantFrom(0, 30_000);

test("no schedule sends two live refresh tokens, or gives up the newest pair", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(grace, schedule, (graceMs, happenings) => {
      const world = new World(graceMs, PROCESSES);
      play(world, happenings);
      world.settle();
      expect(world.violations).toEqual([]);
      // Each token is sent only while it is the stored one, so the numbers never fall.
      const numbers = world.sentTokens.map((token) => Number(token.slice(1)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      const holdsNewest = world.state.current?.tokenId === `r${world.serverToken}`;
      expect(world.state.status).toBe(holdsNewest ? "active" : "reauth_required");
    }),
  );
});

test("a killed grant ends as reauth_required, and is reported within 90 s", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(grace, schedule, (graceMs, happenings) => {
      const world = new World(graceMs, PROCESSES);
      const inTime = happenings.filter((each) => each.do !== "jump");
      play(world, inTime);
      world.settle();
      world.killed = true;
      world.nowMs += 90_000_000;
      world.tick(0);
      const killedAtMs = world.nowMs;
      world.settle();
      expect(world.violations).toEqual([]);
      expect(world.state.status).toBe("reauth_required");
      expect(world.nowMs - killedAtMs).toBeLessThanOrEqual(90_000);
    }),
  );
});

test("a good access token is given out whatever happens to its renewal", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(grace, schedule, (graceMs, happenings) => {
      const world = new World(graceMs, PROCESSES);
      for (const each of happenings) {
        play(world, [each]);
        const { current } = world.state;
        if (!current || current.rejectedAtMs !== undefined || world.nowMs >= current.expiresAtMs - 60_000) continue;
        expect(readGrant(world.state, world.nowMs).kind).toBe("usable");
      }
    }),
  );
});

test("with grace, a refresh whose process crashes at any point heals by itself within 15 s", {
  timeout: PROPERTY_TIMEOUT_MS,
}, () => {
  const point = fc.constantFrom("before the request", "after the rotation", "before the answer is stored");
  fc.assert(
    fc.property(point, fc.nat({ max: 5_000 }), (where, ms) => {
      const world = new World(30_000, 2);
      world.nowMs += 86_400_000;
      const startedAtMs = world.nowMs;
      world.tick(0);
      world.nowMs += ms;
      if (where !== "before the request") world.serve(0, false);
      if (where === "before the answer is stored") {
        world.storeFails = "lost";
        world.deliver(0, false);
      }
      world.crash(0);
      world.storeFails = "no";
      if (where === "before the request") world.requests.length = 0;
      while (world.state.status !== "active" && world.nowMs - startedAtMs < 60_000) {
        world.nowMs += 250;
        world.tick(1);
        world.serve(0, false);
        world.deliver(0, false);
      }
      expect(world.state.status).toBe("active");
      expect(world.nowMs - startedAtMs).toBeLessThanOrEqual(15_000);
      expect(world.serverToken).toBe(2);
      expect(world.violations).toEqual([]);
    }),
  );
});
