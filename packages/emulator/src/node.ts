/** Serving over HTTP on Node: the one part of the emulator that is not web standards only. */
export { type RunningServer, type ServeOptions, serve } from "./node/server.ts";
