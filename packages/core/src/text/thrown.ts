/** Enough frames to find the line that threw. */
const MAX_FRAMES = 5;

/**
 * Says what was thrown and where, for a log: the name of an error and the frames of its stack. Its message stays out: that of a
 * database or a parser may quote the payload.
 */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const lines = typeof thrown.stack === "string" ? thrown.stack.split("\n") : [];
  const frames = lines.filter((line) => /^\s+at /.test(line)).slice(0, MAX_FRAMES);
  return [thrown.name, ...frames].join("\n");
}
