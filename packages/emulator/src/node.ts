/** Serving over HTTP on Node: the one part of the emulator that is not web standards only. */

export { type FoundConfig, loadConfig } from "./node/config-file.ts";
export { type FetchHandler, type RunningServer, type ServeOptions, serve } from "./node/server.ts";
