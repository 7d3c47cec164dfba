import { watch } from "node:fs";
import { CodegenError, formatError } from "../errors.ts";
import type { CommandIo } from "./command.ts";

export interface Watcher {
  close(): void;
  /** Settles when the watcher is closed. */
  readonly closed: Promise<void>;
}

/** A folder with everything below it, or one file in it. */
export interface WatchedFiles {
  readonly folder: string;
  readonly file?: string | undefined;
}

/** Editors and `sync` write many files, or one file in several steps: wait until they have been quiet for so long. */
export const QUIET_MS = 100;

/**
 * Calls `onChange` after every burst of changes to the watched files. The calls never overlap. Errors of `onChange` are
 * printed, because the next change may fix them.
 */
export function watchFolder(
  { folder, file }: WatchedFiles,
  onChange: () => Promise<void>,
  io: Pick<CommandIo, "err">,
): Watcher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  const { promise: closed, resolve } = withResolvers();
  const run = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      try {
        await onChange();
      } catch (error) {
        if (!(error instanceof CodegenError)) throw error;
        io.err(`${formatError(error)}\n`);
      }
    } while (again);
    running = false;
  };
  // a file is watched through its folder: editors put a new one in its place
  const watcher = watch(folder, { recursive: file === undefined }, (_event, changed) => {
    if (file !== undefined && changed !== file) return;
    clearTimeout(timer);
    timer = setTimeout(() => void run(), QUIET_MS);
  });
  watcher.on("close", resolve);
  return {
    closed,
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Promise.withResolvers, which Node has from 22 on. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
