import { DEFAULT_RESERVES, LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS } from "../src/constants.ts";
import { type Checkpoint, checkpoint, checkpointDue } from "../src/machine/checkpoint/checkpoint.ts";
import { restore } from "../src/machine/checkpoint/restore.ts";
import { createSlotLimiter } from "../src/machine/create.ts";
import { needsReport } from "../src/machine/report.ts";
import type { CallPermit, SlotLimiterConfig, SlotLimiterEvent } from "../src/machine/state.ts";
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
      maxQueue: 100_000,
    };
    let state = createSlotLimiter(config, world.nowMs);
    let saved: Checkpoint | null = null;
    let cancelWake = (): void => {};
    const permits = new Map<number, CallPermit>();
    const waiting = new Set<number>();

    function feed(event: SlotLimiterEvent): void {
      const { state: next, decision } = step(state, event, world.nowMs);
      state = next;
      if (checkpointDue(state, saved)) saved = checkpoint(state);
      for (const permit of decision.permits) {
        permits.set(permit.call, permit);
        waiting.delete(permit.call);
        send(permit.call);
      }
      if (decision.refusals.length > 0) throw new Error("a call without deadline was refused");
      cancelWake();
      cancelWake = decision.wakeAtMs === null ? () => {} : world.at(decision.wakeAtMs, () => feed({ type: "tick" }));
    }
    const request = (call: number): void => {
      waiting.add(call);
      feed({ type: "request", call, key: "", priority: "normal", maxWaitMs: null });
    };
    function report(number: number, answer: Answer | undefined): void {
      onReport?.();
      feed({ type: "settle", permit: number, feedback: answer });
    }
    const contender: Contender = {
      request,
      answered(call, answer, rttMs) {
        const permit = permits.get(call);
        permits.delete(call);
        // granted before a restart: nobody is left who would report it
        if (!permit) return;
        if (reports === "always" || needsReport({ permit, feedback: answer, rttMs, intervalLimit: limit }))
          report(permit.number, answer);
      },
      restart() {
        permits.clear();
        state = saved ? restore(config, saved, world.nowMs) : createSlotLimiter(config, world.nowMs);
        for (const call of [...waiting]) request(call);
      },
    };
    return contender;
  };
