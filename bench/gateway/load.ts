import { Agent, request } from "node:http";

/** One call to make. */
export interface Call {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Keeps its connections; `close` ends them. */
export interface Caller {
  /** Milliseconds until the whole answer is here. @throws when it is not a 2xx */
  readonly time: (call: Call) => Promise<number>;
  /** Calls per second with `atOnce` under way all the time, `calls` in all. */
  readonly flood: (callOf: (index: number) => Call, calls: number, atOnce: number) => Promise<number>;
  /** As `flood`, and how long each call took. */
  readonly timed: (
    callOf: (index: number) => Call,
    calls: number,
    atOnce: number,
  ) => Promise<{ readonly perSecond: number; readonly times: readonly number[] }>;
  readonly close: () => void;
}

/** `node:http` and not `fetch`: the caller shares two cores with what it measures, and must be the cheaper one. */
export function createCaller(): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const time = ({ url, method, headers, body }: Call): Promise<number> =>
    new Promise((resolve, reject) => {
      const startMs = performance.now();
      const sent = request(url, { method, headers, agent }, (answer) => {
        const { statusCode = 0 } = answer;
        const isGood = statusCode >= 200 && statusCode < 300;
        let text = "";
        answer.on("data", (piece: Buffer) => {
          if (!isGood) text += piece;
        });
        answer.on("error", reject);
        answer.on("end", () => {
          if (isGood) resolve(performance.now() - startMs);
          else reject(new Error(`${method} ${new URL(url).pathname}: ${statusCode} ${text.slice(0, 300)}`));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const timed: Caller["timed"] = async (callOf, calls, atOnce) => {
    const times: number[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < calls) times.push(await time(callOf(next++)));
    };
    const startMs = performance.now();
    await Promise.all(Array.from({ length: atOnce }, lane));
    return { perSecond: (calls / (performance.now() - startMs)) * 1000, times };
  };
  return {
    time,
    timed,
    flood: async (...load) => (await timed(...load)).perSecond,
    close: () => agent.destroy(),
  };
}
