import { readConfig, readDatabase } from "../platform/env.ts";
import { createDirectory, type Directory } from "./directory.ts";

// R8: holds nothing that its key does not say, and goes with it. Bindings cannot change.
export const DIRECTORIES = new WeakMap<Env, Directory>();

/** Made once for each isolate. */
export function readDirectory(env: Env): Directory {
  const directory = DIRECTORIES.get(env) ?? createDirectory(readDatabase(env), readConfig(env).tokenKeys);
  DIRECTORIES.set(env, directory);
  return directory;
}
