import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time in ticks of a hundredth of a second (`man 5 proc`, USER_HZ). */
const TICK_MS = 10;

/**
 * Returns the CPU time of all workerd below this process, in milliseconds; undefined where there is no `/proc`. It includes the objects,
 * SQLite and the meters, so it is an upper bound for what the Worker is charged for.
 */
export function workerdCpuMs(): number | undefined {
  try {
    let ticks = 0;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const text = statOf(pid);
      const [, name, rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
      const fields = rest.split(" ");
      if (!name?.includes("workerd") || Number(fields[1]) !== process.pid) continue;
      ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks === 0 ? undefined : ticks * TICK_MS;
  } catch {
    return undefined;
  }
}

/** A process may end while the list is read. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
