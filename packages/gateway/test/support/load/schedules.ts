import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { GrantState } from "@ghl-edge/oauth";
import fc from "fast-check";
import { expect, vi } from "vitest";
import { call, isSettled, readContact, refreshes, upstream } from "../calls/gateway.ts";
import { APP } from "../setup/settings.ts";

const MINUTE_MS = 60_000;
/** Two lost answers in a row fit into a call's deadline of ten seconds. */
const MAX_LOST = 2;

/** One step of a location's schedule. `late` is an UNINSTALL that HighLevel signed before the INSTALL and delivers after it. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("call" as const, "calls" as const) },
  { weight: 2, arbitrary: fc.constant("alarm" as const) },
  { weight: 2, arbitrary: fc.constantFrom("crash" as const, "crash in mid-call" as const) },
  { weight: 2, arbitrary: fc.constantFrom("put away" as const, "put away in mid-call" as const) },
  { weight: 2, arbitrary: fc.constantFrom("garbage" as const, "cut" as const) },
  { weight: 2, arbitrary: fc.constantFrom("duplicate" as const, "late" as const) },
  { weight: 2, arbitrary: fc.constant("nothing" as const) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const MAX_STEPS = 8;
/** Jumps of the clock before each step. Locations that run side by side share the clock. */
const jumps = fc.array(fc.constantFrom(0, 0, 3_600_000, 86_400_000), { minLength: MAX_STEPS, maxLength: MAX_STEPS });

/** Schedules that run beside each other, one for each location. */
export const schedules = (beside: number) =>
  fc.record({
    jumps,
    steps: fc.array(fc.array(step, { minLength: 3, maxLength: MAX_STEPS }), { minLength: beside, maxLength: beside }),
  });
export type Schedules = ReturnType<typeof schedules> extends fc.Arbitrary<infer S> ? S : never;

export const grantOf = (location: string, app: string = APP) =>
  env.TOKEN_GRANT.getByName(`${app}:location:${location}`);

export const stateOf = (location: string): Promise<GrantState> =>
  runInDurableObject(grantOf(location), (_object, state) => {
    const row = state.storage.sql.exec("SELECT state FROM token_record WHERE source = 'refreshable'").one();
    return JSON.parse(row.state as string) as GrantState;
  });

const crash = (location: string): Promise<void> =>
  runInDurableObject(grantOf(location), (_object, state) => state.abort("crash")).catch(() => {});

/** The object on the way of every call, with the permits and the token that it had in memory. */
const putAway = (location: string): Promise<void> =>
  runInDurableObject(env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${location}`), (_object, state) =>
    state.abort("put away"),
  ).catch(() => {});

interface SentEvent {
  readonly type: string;
  readonly atMs: number;
  readonly times: number;
}

/** Delivers a signed event several times. It is stored once, or it was not acknowledged. */
async function deliverEvent(location: string, { type, atMs, times }: SentEvent): Promise<void> {
  const timestamp = new Date(atMs).toISOString();
  const webhookId = crypto.randomUUID();
  const { body, signature } = await upstream.sign(type, { locationId: location, timestamp, webhookId });
  for (let n = 0; n < times; n++) {
    const headers = { "x-ghl-signature": signature };
    expect((await call(`/webhooks/${APP}`, { method: "POST", headers, body })).status).toBe(200);
  }
  const name = `location:${location}:${timestamp.slice(0, 10)}`;
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:${name}`);
  const stored = (): Promise<number> =>
    runInDurableObject(
      inbox,
      (_object, { storage }) =>
        storage.sql.exec<{ count: number }>("SELECT count(*) AS count FROM event WHERE webhook_id = ?", webhookId).one()
          .count,
    );
  const settle = async (): Promise<boolean> => {
    // The faked clock sets alarms, and it is ahead of the clock that runs them. Many events at once are buffered first. An alarm that another
    // location runs may still be forwarding this event: the inbox has no open task then, and not yet the event.
    await runDurableObjectAlarm(env.EVENT_BUFFER.getByName(`${APP}:0`));
    await runDurableObjectAlarm(inbox);
    return (await stored()) > 0 && (await isSettled(name));
  };
  // `vi.waitFor` would let the faked clock go on with each look.
  await expect.poll(settle, { timeout: 10_000, interval: 20 }).toBe(true);
  expect(await stored()).toBe(1);
}

async function served(location: string): Promise<void> {
  expect((await readContact(location)).status).toBe(200);
}

async function take(location: string, what: Step): Promise<void> {
  switch (what) {
    case "call":
      return served(location);
    case "calls":
      await Promise.all([served(location), served(location), served(location)]);
      return;
    case "alarm":
      await runDurableObjectAlarm(grantOf(location));
      return;
    case "crash":
      return crash(location);
    case "crash in mid-call":
      await Promise.all([served(location), crash(location)]);
      return;
    case "put away":
      return putAway(location);
    case "put away in mid-call":
      await Promise.all([served(location), putAway(location)]);
      return;
    case "duplicate":
      return deliverEvent(location, { type: "INSTALL", atMs: Date.now(), times: 2 });
    case "late": {
      const nowMs = Date.now();
      await deliverEvent(location, { type: "INSTALL", atMs: nowMs, times: 1 });
      return deliverEvent(location, { type: "UNINSTALL", atMs: nowMs - MINUTE_MS, times: 2 });
    }
    case "garbage":
    case "cut":
      await upstream.fault(location, what);
      return;
    case "nothing":
  }
}

/** Expects that no older refresh token is sent after a newer one: only one is valid, and it is ours. */
function expectOneLine(sent: readonly (string | undefined)[]): void {
  const changes = sent.filter((token, index) => token !== sent[index - 1]);
  expect(changes).toEqual([...new Set(changes)]);
}

async function play(location: string, steps: readonly Step[], allAt: (index: number) => Promise<void>): Promise<void> {
  let lost = 0;
  for (const [index, what] of steps.entries()) {
    await allAt(index);
    const isLost = what === "garbage" || what === "cut";
    if (isLost && ++lost > MAX_LOST) continue;
    await take(location, what);
    expect((await stateOf(location)).status).not.toBe("reauth_required");
  }
  await served(location);
}

/**
 * Plays schedules beside each other. Needs a faked `Date`; the locations are installed. Every call must be served, no grant
 * be lost, no acknowledged event missing or doubled.
 */
export async function playSchedules(locations: readonly string[], { jumps, steps }: Schedules): Promise<void> {
  const since = (await upstream.log()).length;
  // The clock jumps when all locations have reached the same step. A location whose schedule is complete has left.
  const waiting: (() => void)[] = [];
  let playing = steps.length;
  let column = 0;
  const goOn = (): void => {
    if (waiting.length === 0 || waiting.length < playing) return;
    vi.setSystemTime(Date.now() + (jumps[column] ?? 0));
    for (const resolve of waiting.splice(0)) resolve();
  };
  const allAt = (index: number): Promise<void> =>
    new Promise((resolve) => {
      column = index;
      waiting.push(resolve);
      goOn();
    });
  const playOne = async (own: readonly Step[], n: number): Promise<void> => {
    try {
      await play(locations[n]!, own, allAt);
    } finally {
      playing -= 1;
      goOn();
    }
  };
  const ends = await Promise.allSettled(steps.map(playOne));
  await upstream.clearFaults();
  const sent = await refreshes(since);
  for (const [n, end] of ends.entries()) {
    if (end.status === "rejected")
      throw new Error(`Lost: ${steps[n]!.join(", ")}; jumps of ${jumps.join(", ")} ms`, { cause: end.reason });
    const own = sent.filter(({ resource }) => resource?.id === locations[n]);
    expectOneLine(own.map(({ tokenFingerprint }) => tokenFingerprint));
  }
}
