import { type RunningServer, serve } from "@ghl-edge/emulator/node";

/** Called with each event, by its number. Returns the delay of the response in ms; false: there is none. */
export type OnArrival = (path: string, number: number) => number | false;

interface Envelope {
  readonly data: { readonly number?: number };
}

/** Starts a destination in this process. */
export function startDestination(onArrival: OnArrival): Promise<RunningServer> {
  return serve({
    async fetch(request) {
      const body = (await request.json()) as Envelope | { readonly events: readonly Envelope[] };
      const { pathname } = new URL(request.url);
      const events = "events" in body ? body.events : [body];
      const delays = events.map(({ data }) => onArrival(pathname, data.number ?? -1));
      const delayMs = delays.every((delay) => delay !== false) ? Math.max(...delays) : undefined;
      if (delayMs === undefined) return new Promise(() => {});
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return new Response();
    },
  });
}
