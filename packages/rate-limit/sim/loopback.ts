/** The ideal case for real: N calls at once against a server on loopback that allows 100 per 10 s in fixed windows. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRateLimiter } from "../src/index.ts";
import { fixedFromFirst } from "./upstream.ts";

export interface LoopbackResult {
  readonly calls: number;
  readonly answered: number;
  readonly sent: number;
  readonly refused: number;
  readonly seconds: number;
}

const LIMITS = { burst: { limit: 100, intervalMs: 10_000 } };
const ANSWER_DELAY_MS = 20;

export async function runLoopback(calls: number): Promise<LoopbackResult> {
  let startMs = 0;
  const upstream = fixedFromFirst({ ...LIMITS.burst, phaseMs: 0 });
  let sent = 0;
  let refused = 0;
  const server = createServer((request, response) => {
    if (request.url === "/warm-up") return void response.end();
    sent++;
    const nowMs = performance.now() - startMs;
    const accepted = upstream.accept(nowMs);
    if (!accepted) refused++;
    response.statusCode = accepted ? 200 : 429;
    response.setHeader("x-ratelimit-max", LIMITS.burst.limit);
    response.setHeader("x-ratelimit-remaining", upstream.remaining(nowMs));
    response.setHeader("x-ratelimit-interval-milliseconds", LIMITS.burst.intervalMs);
    setTimeout(() => response.end("{}"), ANSWER_DELAY_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // connections and compiled code, so that the numbers are the limiter's
  await Promise.all(
    Array.from({ length: LIMITS.burst.limit }, async () => (await fetch(`${url}warm-up`)).arrayBuffer()),
  );
  startMs = performance.now();
  const limiter = createRateLimiter({ limits: LIMITS });
  const resource = { kind: "location", id: "a" } as const;

  async function call(): Promise<boolean> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const permit = await limiter.acquire({ resource });
      const response = await fetch(url);
      permit.release(response);
      await response.arrayBuffer();
      if (response.ok) return true;
    }
    return false;
  }
  const answers = await Promise.all(Array.from({ length: calls }, call));
  const seconds = (performance.now() - startMs) / 1_000;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { calls, answered: answers.filter(Boolean).length, sent, refused, seconds };
}
