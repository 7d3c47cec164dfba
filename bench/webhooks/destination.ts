import { type RunningServer, serve } from "@ghl-edge/emulator/node";

/** A delivery, by the number of its event. Says whether it is answered; false: never. */
export type OnArrival = (path: string, number: number) => boolean;

/** Starts a destination in this process. */
export function startDestination(onArrival: OnArrival): Promise<RunningServer> {
  return serve({
    async fetch(request) {
      const { data } = (await request.json()) as { data: { number?: number } };
      if (onArrival(new URL(request.url).pathname, data.number ?? -1)) return new Response();
      return new Promise(() => {});
    },
  });
}
