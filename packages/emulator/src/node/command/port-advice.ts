import { createServer } from "node:net";

/** Number of ports after the taken one that are tried. */
const TRIED = 20;
const MAX_PORT = 65_535;

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

async function nextFree(port: number, host: string): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(port + TRIED, MAX_PORT); next++) if (await isFree(next, host)) return next;
  return undefined;
}

/**
 * Advice for an address that cannot be listened on.
 *
 * @returns Undefined: the error is about something else
 */
export async function portAdvice(error: unknown, port: number, host: string): Promise<string | undefined> {
  switch ((error as { code?: unknown } | null)?.code) {
    case "EADDRINUSE": {
      const free = await nextFree(port, host);
      const help = free === undefined ? "" : `--port ${free} is free, `;
      return `port ${port} on ${host} is in use; ${help}--port 0 takes any free port`;
    }
    case "EACCES":
      return `port ${port} needs rights that this user does not have; --port 4010 or another above 1023 does not`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `host ${host} is no address of this machine; --host 127.0.0.1 is, --host 0.0.0.0 stands for all of them`;
    default:
      return undefined;
  }
}
