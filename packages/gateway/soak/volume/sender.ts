import { Agent, request } from "node:http";
import type { SignedEvent } from "./events.ts";

export interface Acks {
  /** Status → how many. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Outcome of the 200s → how many. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly seconds: number;
}

interface Ack {
  readonly status: number;
  readonly text: string;
}

/** `node:http` and not `fetch`: the sender shares two cores with the gateway. */
function post(agent: Agent, url: string, { body, headers }: SignedEvent): Promise<Ack> {
  return new Promise((resolve, reject) => {
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const sent = request(url, { method: "POST", agent, headers: { ...headers, ...length } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export interface PostOptions {
  readonly count: number;
  /** Number of posts that are in progress at the same time. */
  readonly concurrency: number;
  readonly eventAt: (index: number) => SignedEvent;
}

/** Posts `count` events and counts the answers. */
export async function postAll(url: string, { count, concurrency, eventAt }: PostOptions): Promise<Acks> {
  const agent = new Agent({ keepAlive: true });
  const statuses: Record<number, number> = {};
  const outcomes: Record<string, number> = {};
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const { status, text } = await post(agent, url, eventAt(next++));
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 200) continue;
      const { outcome } = JSON.parse(text) as { outcome: string };
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, lane));
  agent.destroy();
  return { statuses, outcomes, seconds: (performance.now() - startMs) / 1000 };
}
