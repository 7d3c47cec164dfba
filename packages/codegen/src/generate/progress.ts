import type { CommandIo } from "../command.ts";

export interface Progress {
  readonly step: (index: number, total: number, name: string) => void;
  readonly end: () => void;
}

/** One line on standard error that is redrawn, on a terminal only: elsewhere the list of files written says it all. */
export function createProgress(io: Pick<CommandIo, "isTty" | "err">): Progress {
  let drawn = false;
  const draw = (text: string) => io.err(`\r\u001b[K${text}`);
  return {
    step(index, total, name) {
      if (!io.isTty) return;
      draw(`generating ${index + 1}/${total} ${name}`);
      drawn = true;
    },
    end() {
      if (drawn) draw("");
      drawn = false;
    },
  };
}
