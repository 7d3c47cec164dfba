const EVERY_MS = 20;

/** Measures how long this process stands still because the machine gives it no time. */
export function watchStalls(): { readonly end: () => number } {
  let longestMs = 0;
  let seenAtMs = performance.now();
  const look = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - seenAtMs - EVERY_MS);
    seenAtMs = nowMs;
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      look();
      return Math.max(0, Math.round(longestMs));
    },
  };
}
