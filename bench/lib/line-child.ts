import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ROOT } from "./context.ts";

/** A child program that answers each JSON line it is sent with one. */
export interface LineChild {
  ask(question: unknown): Promise<unknown>;
  /** Closes its input and waits for its end. */
  close(): Promise<void>;
}

/** Starts a program of this benchmark with this very Node. */
export function startLineChild(args: readonly string[]): LineChild {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error(`${args.join(" ")} ended before it answered`);
      return JSON.parse(answer.value);
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
