import { call, keyed } from "../calls/gateway.ts";

export interface FirstCalls {
  /** The last answer of each. */
  readonly statuses: readonly number[];
  /** Calls that were refused with a time to retry, and retried at that time. */
  readonly cameBack: number;
  /** Highest number of such retries of one call. */
  readonly mostRetries: number;
}

/** Calls each location once, all at the same time, and again while the gateway says when to come back. */
export async function firstCalls(locations: readonly string[], maxWaitSeconds: number): Promise<FirstCalls> {
  const headers = { ...keyed, "x-gateway-max-wait": String(maxWaitSeconds) };
  let cameBack = 0;
  let mostRetries = 0;
  const callUntilServed = async (location: string): Promise<number> => {
    for (let retries = 0; ; retries++) {
      mostRetries = Math.max(mostRetries, retries);
      const response = await call(`/api/location/${location}/contacts/c1`, { headers });
      await response.text();
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      if (response.status === 200 || Number.isNaN(seconds)) return response.status;
      cameBack += 1;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    }
  };
  return { statuses: await Promise.all(locations.map(callUntilServed)), cameBack, mostRetries };
}
