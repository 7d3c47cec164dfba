import type { CommandIo } from "./command.ts";

export interface Progress {
  readonly step: (index: number, total: number, name: string) => void;
  readonly end: () => void;
}

/** Shows nothing. */
export const SILENT: Progress = { step: () => {}, end: () => {} };

/** Lines that a whole run writes where there is no terminal. */
const PLAIN_LINES = 10;

/** On standard error: one line that is redrawn on a terminal, about ten plain lines elsewhere. */
export function createProgress(io: Pick<CommandIo, "isTty" | "err">): Progress {
  if (!io.isTty) {
    const step: Progress["step"] = (index, total, name) => {
      if (index % Math.ceil(total / PLAIN_LINES) === 0) io.err(`${stepText(index, total, name)}\n`);
    };
    return { ...SILENT, step };
  }
  let drawn = false;
  const draw = (text: string) => io.err(`\r\u001b[K${text}`);
  return {
    step(index, total, name) {
      draw(stepText(index, total, name));
      drawn = true;
    },
    end() {
      if (drawn) draw("");
      drawn = false;
    },
  };
}

function stepText(index: number, total: number, name: string): string {
  return `generating ${index + 1}/${total} ${name}`;
}
