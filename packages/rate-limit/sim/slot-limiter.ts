import { DEFAULT_RESERVES, LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS } from "../src/constants.ts";
import { type Checkpoint, checkpoint, checkpointDue } from "../src/machine/checkpoint.ts";
import { createSlotLimiter } from "../src/machine/create.ts";
import { needsReport } from "../src/machine/report.ts";
import { restore } from "../src/machine/restore.ts";
import type { Grant, SlotLimiterConfig, SlotLimiterEvent } from "../src/machine/state.ts";
import { step } from "../src/machine/step.ts";
import type { Answer, Contender, CreateContender } from "./contender.ts";

/**
 * The machine of this package with a host around it. `always`: the in-process host, which reports every answer. `exceptions`: one
 * far away, which reports only what `needsReport` asks for.
 */
export const slotLimiter =
  (reports: "always" | "exceptions", onReport?: () => void): CreateContender =>
  ({ world, limit, intervalMs, send }) => {
    const config: SlotLimiterConfig = {
      burst: { limit, intervalMs },
      reserves: DEFAULT_RESERVES,
      unsettledPadMs: reports === "always" ? LOST_PERMIT_PAD_MS : UNSETTLED_PAD_MS,
      lookaheadMs: 0,
      maxQueue: 100_000,
    };
    let state = createSlotLimiter(config, world.nowMs);
    let saved: Checkpoint | null = null;
    let cancelWake = (): void => {};
    const grants = new Map<number, Grant>();
    const waiting = new Set<number>();

    function feed(event: SlotLimiterEvent): void {
      const { state: next, decision } = step(state, event, world.nowMs);
      state = next;
      if (checkpointDue(state, saved)) saved = checkpoint(state);
      for (const grant of decision.grants) {
        grants.set(grant.call, grant);
        waiting.delete(grant.call);
        send(grant.call);
      }
      if (decision.refusals.length > 0) throw new Error("a call without deadline was refused");
      cancelWake();
      cancelWake = decision.wakeAtMs === null ? () => {} : world.at(decision.wakeAtMs, () => feed({ type: "tick" }));
    }
    const request = (call: number): void => {
      waiting.add(call);
      feed({ type: "request", call, key: "", priority: "normal", maxWaitMs: null });
    };
    function report(permit: number, answer: Answer | undefined): void {
      onReport?.();
      feed({ type: "settle", permit, feedback: answer });
    }
    const contender: Contender = {
      request,
      answered(call, answer, rttMs) {
        const grant = grants.get(call);
        grants.delete(call);
        // granted before a restart: nobody is left who would report it
        if (!grant) return;
        if (reports === "always" || needsReport({ grant, feedback: answer, rttMs, intervalLimit: limit }))
          report(grant.permit, answer);
      },
      restart() {
        grants.clear();
        state = saved ? restore(config, saved, world.nowMs) : createSlotLimiter(config, world.nowMs);
        for (const call of [...waiting]) request(call);
      },
    };
    return contender;
  };
