/**
 * Waiting calls: classes share by deficit round robin (every call costs 1, so that the quantum is the class's share), the
 * keys of a class take turns, the calls of a key keep their order, those that had their turn in vain first. Every call is
 * reached: no class has a quantum of 0.
 */
import { CLASS_QUANTUM } from "../constants.ts";
import { PRIORITIES, type Priority } from "../priority.ts";

export interface WaitingCall {
  readonly call: number;
  /** `null`: waits as long as it takes. */
  readonly deadlineMs: number | null;
  /** It had its turn and was refused by HighLevel. */
  readonly retry: boolean;
}

/** The calls of one key in one class. */
export interface Flow {
  readonly key: string;
  readonly calls: readonly WaitingCall[];
}

export interface WaitingClass {
  /** Calls this class may still be granted in this turn. */
  readonly deficit: number;
  /** No flow is empty; the first is the next. */
  readonly flows: readonly Flow[];
}

export interface WaitingCalls {
  readonly count: number;
  /** No call's deadline is earlier; it may be of a call that is gone. */
  readonly nextDeadlineMs: number | null;
  /** Class whose turn it is. */
  readonly currentClass: Priority;
  readonly classes: Readonly<Record<Priority, WaitingClass>>;
}

const EMPTY_CLASS: WaitingClass = { deficit: 0, flows: [] };

export const NOBODY_WAITS: WaitingCalls = {
  count: 0,
  nextDeadlineMs: null,
  currentClass: "interactive",
  classes: { interactive: EMPTY_CLASS, normal: EMPTY_CLASS, bulk: EMPTY_CLASS },
};

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** A call's place among those of its key: the first behind it are those that have not had a turn yet, if it has. */
function placeAmong(calls: readonly WaitingCall[], retry: boolean): number {
  const index = retry ? calls.findIndex((call) => !call.retry) : -1;
  return index < 0 ? calls.length : index;
}

/** How many calls of this key and class a new one cannot be served before. */
export function waitingAhead(waiting: WaitingCalls, priority: Priority, key: string, retry: boolean): number {
  return placeAmong(waiting.classes[priority].flows.find((flow) => flow.key === key)?.calls ?? [], retry);
}

export function addWaiting(
  waiting: WaitingCalls,
  place: { priority: Priority; key: string },
  call: WaitingCall,
): WaitingCalls {
  const { deficit, flows } = waiting.classes[place.priority];
  const index = flows.findIndex((flow) => flow.key === place.key);
  const calls = flows[index]?.calls ?? [];
  const flow = { key: place.key, calls: calls.toSpliced(placeAmong(calls, call.retry), 0, call) };
  const grown = index < 0 ? [...flows, flow] : flows.with(index, flow);
  return {
    ...waiting,
    count: waiting.count + 1,
    nextDeadlineMs: earlier(waiting.nextDeadlineMs, call.deadlineMs),
    classes: { ...waiting.classes, [place.priority]: { deficit, flows: grown } },
  };
}

/** The next call and what is left. `waiting.count` must not be 0. */
export function takeNext(waiting: WaitingCalls): { call: WaitingCall; priority: Priority; waiting: WaitingCalls } {
  let { currentClass } = waiting;
  let deficit = waiting.classes[currentClass].deficit;
  const classes = { ...waiting.classes };
  while (deficit < 1 || classes[currentClass].flows.length === 0) {
    // an empty class saves nothing up for later
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

/** Splits off the calls that `leaves` is true for. */
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
