/**
 * Waiting calls. Classes share by deficit round robin; every call costs 1, so the quantum is the class's share. The keys of a class
 * alternate, and the calls of a key keep their order, retries first. Every call is reached, because no class has a quantum of 0.
 */
import { CLASS_QUANTUM } from "../../constants.ts";
import { PRIORITIES, type Priority } from "../../priority.ts";

/** One call that waits for a permit. */
export interface WaitingCall {
  /** The host's number for it. */
  readonly call: number;
  /** `null`: it waits as long as it takes. */
  readonly deadlineMs: number | null;
  /** Whether HighLevel refused this call before. */
  readonly retry: boolean;
}

/** The calls of one key in one class. */
export interface Flow {
  readonly key: string;
  readonly calls: readonly WaitingCall[];
}

/** The waiting calls of one priority. */
export interface WaitingClass {
  /** Number of permits that this class may still get in this round. */
  readonly deficit: number;
  /** No flow is empty. The first one is served next. */
  readonly flows: readonly Flow[];
}

/** All waiting calls of a budget, as plain data. */
export interface WaitingCalls {
  readonly count: number;
  /** No call has an earlier deadline. The call that had this one may be gone. */
  readonly nextDeadlineMs: number | null;
  /** Class that is being served. */
  readonly currentClass: Priority;
  readonly classes: Readonly<Record<Priority, WaitingClass>>;
}

/** Identifies a flow. */
export interface FlowKey {
  readonly priority: Priority;
  readonly key: string;
}

const EMPTY_CLASS: WaitingClass = { deficit: 0, flows: [] };

/** An empty queue. */
export const NO_WAITING_CALLS: WaitingCalls = {
  count: 0,
  nextDeadlineMs: null,
  currentClass: "interactive",
  classes: { interactive: EMPTY_CLASS, normal: EMPTY_CLASS, bulk: EMPTY_CLASS },
};

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** Returns the index at which a call joins its flow: a retry goes before the first attempts. */
function joinIndex(calls: readonly WaitingCall[], retry: boolean): number {
  const index = retry ? calls.findIndex((call) => !call.retry) : -1;
  return index < 0 ? calls.length : index;
}

/** Counts the calls of a flow that are served before a new one. */
export function waitingAhead(waiting: WaitingCalls, { priority, key }: FlowKey, retry: boolean): number {
  return joinIndex(waiting.classes[priority].flows.find((flow) => flow.key === key)?.calls ?? [], retry);
}

/** Adds a call to its flow. */
export function addWaiting(waiting: WaitingCalls, { priority, key }: FlowKey, call: WaitingCall): WaitingCalls {
  const { deficit, flows } = waiting.classes[priority];
  const index = flows.findIndex((flow) => flow.key === key);
  const calls = flows[index]?.calls ?? [];
  const flow = { key, calls: calls.toSpliced(joinIndex(calls, call.retry), 0, call) };
  const grown = index < 0 ? [...flows, flow] : flows.with(index, flow);
  return {
    ...waiting,
    count: waiting.count + 1,
    nextDeadlineMs: earlier(waiting.nextDeadlineMs, call.deadlineMs),
    classes: { ...waiting.classes, [priority]: { deficit, flows: grown } },
  };
}

/** Takes the next call out of the queue. `waiting.count` must not be 0. */
export function takeNext(waiting: WaitingCalls): { call: WaitingCall; priority: Priority; waiting: WaitingCalls } {
  let { currentClass } = waiting;
  let deficit = waiting.classes[currentClass].deficit;
  const classes = { ...waiting.classes };
  while (deficit < 1 || classes[currentClass].flows.length === 0) {
    // An empty class saves nothing for later.
    classes[currentClass] = {
      ...classes[currentClass],
      deficit: classes[currentClass].flows.length === 0 ? 0 : deficit,
    };
    currentClass = PRIORITIES[(PRIORITIES.indexOf(currentClass) + 1) % PRIORITIES.length]!;
    deficit = classes[currentClass].deficit + CLASS_QUANTUM[currentClass];
  }
  const [flow, ...others] = classes[currentClass].flows as [Flow, ...Flow[]];
  const call = flow.calls[0]!;
  const left = flow.calls.slice(1);
  const flows = left.length === 0 ? others : [...others, { key: flow.key, calls: left }];
  classes[currentClass] = { deficit: flows.length === 0 ? 0 : deficit - 1, flows };
  return { call, priority: currentClass, waiting: { ...waiting, count: waiting.count - 1, currentClass, classes } };
}

/** Removes the calls for which `leaves` returns true. */
export function removeWaiting(
  waiting: WaitingCalls,
  leaves: (call: WaitingCall, priority: Priority) => boolean,
): { removed: WaitingCall[]; waiting: WaitingCalls } {
  const removed: WaitingCall[] = [];
  let nextDeadlineMs: number | null = null;
  const classes = { ...waiting.classes };
  for (const priority of PRIORITIES) {
    const flows: Flow[] = [];
    for (const flow of classes[priority].flows) {
      const calls: WaitingCall[] = [];
      for (const call of flow.calls) {
        if (leaves(call, priority)) removed.push(call);
        else {
          calls.push(call);
          nextDeadlineMs = earlier(nextDeadlineMs, call.deadlineMs);
        }
      }
      if (calls.length > 0) flows.push(calls.length === flow.calls.length ? flow : { key: flow.key, calls });
    }
    classes[priority] = { deficit: flows.length === 0 ? 0 : classes[priority].deficit, flows };
  }
  return { removed, waiting: { ...waiting, count: waiting.count - removed.length, nextDeadlineMs, classes } };
}
