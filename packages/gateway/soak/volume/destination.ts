import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One delivery from the gateway. */
export interface Arrival {
  readonly path: string;
  /** `webhook-id` */
  readonly id: string;
  /** Number of the event, as its sender counted it. */
  readonly number: number;
}

/** Says whether to answer 200; false: never. */
export type OnArrival = (arrival: Arrival) => boolean;

export interface LoopbackDestination {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** An endpoint on this machine, unlike any other in that it answers at once. */
export async function startDestination(onArrival: OnArrival): Promise<LoopbackDestination> {
  const server = createServer((request, reply) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { data } = JSON.parse(Buffer.concat(pieces).toString()) as { data: { number?: number } };
      const id = String(request.headers["webhook-id"]);
      if (onArrival({ path: request.url ?? "", id, number: data.number ?? -1 })) reply.writeHead(200).end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
