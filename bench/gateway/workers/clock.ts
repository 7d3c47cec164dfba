/** Lets hours pass in a moment: the clock of the isolate is ahead of the machine's, and so are the alarms of its objects. */

// R8: the isolate has one clock. workerd constructs the objects, so that nothing can be handed to them.
let aheadMs = 0;
export const machineMs = Date.now.bind(Date);

interface Alarms {
  getAlarm(): Promise<number | null>;
  setAlarm(atMs: number): Promise<void>;
}
// R8: the methods of the platform as they were before this isolate replaced them.
let real: Alarms | undefined;

export function installClock(): void {
  Date.now = () => machineMs() + aheadMs;
}

/** Objects set and read alarms by the clock of the isolate. */
export function shiftAlarms(storage: object): void {
  if (real !== undefined) return;
  const prototype = Object.getPrototypeOf(storage) as Alarms;
  const { getAlarm, setAlarm } = prototype;
  real = { getAlarm, setAlarm };
  prototype.getAlarm = async function () {
    const atMs = await getAlarm.call(this);
    return atMs === null ? null : atMs + aheadMs;
  };
  prototype.setAlarm = function (atMs) {
    return setAlarm.call(this, Number(atMs) - aheadMs);
  };
}

export function advance(ms: number): void {
  aheadMs += ms;
}

/** Lets the alarm of an object ring earlier, after the clock was advanced. It is not counted. */
export async function bringForward(storage: object, ms: number): Promise<void> {
  const atMs = await real?.getAlarm.call(storage as Alarms);
  if (typeof atMs === "number") await real?.setAlarm.call(storage as Alarms, atMs - ms);
}
