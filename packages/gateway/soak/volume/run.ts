import { startDestination } from "./destination.ts";
import { APP, startGateway } from "./gateway.ts";
import { breaches } from "./proof.ts";
import { type Acks, postAll } from "./sender.ts";
import { createTraffic, type TrafficOptions } from "./traffic.ts";

/** With six connections each, so that what is delivered keeps up with what comes. */
const SHARDS = 8;
/** Without anything arriving for so long, nothing will. */
const STALLED_MS = 60_000;
const LOOK_MS = 5_000;

export interface VolumeOptions extends TrafficOptions {
  readonly atOnce: number;
  readonly log: (line: string) => void;
}

export interface VolumeResult {
  readonly distinct: number;
  readonly acks: Acks;
  readonly delivered: number;
  /** Time between the first post and the last arrival. */
  readonly deliveredSeconds: number;
  /** Peak memory of workerd. */
  readonly memoryMb: number | undefined;
  /** An empty list proves one row and one effect for each event. */
  readonly breaches: readonly string[];
}

/** Posts events to a gateway of its own, and proves from `/admin` and from its own endpoint what has become of them. */
export async function runVolume(options: VolumeOptions): Promise<VolumeResult> {
  const { posts, atOnce, log } = options;
  const traffic = createTraffic(options);
  const byId = new Map<string, number>();
  const byNumber = new Uint16Array(traffic.distinct);
  let delivered = 0;
  let lastAtMs = 0;
  const destination = await startDestination(({ id, number }) => {
    byId.set(id, (byId.get(id) ?? 0) + 1);
    byNumber[number]!++;
    delivered++;
    lastAtMs = performance.now();
    return true;
  });
  const gateway = await startGateway(traffic.publicKey);
  let posted = 0;
  let memoryMb: number | undefined;
  const look = setInterval(() => {
    memoryMb = Math.max(memoryMb ?? 0, gateway.memoryMb() ?? 0) || undefined;
    log(`${posted} posted, ${delivered} delivered, workerd ${memoryMb?.toFixed(0) ?? "?"} MB`);
  }, LOOK_MS);
  try {
    const { endpoint } = await gateway.admin<{ endpoint: { id: string } }>("POST", "endpoints", {
      name: "volume",
      app: APP,
      kind: "https",
      target: `${destination.url}/`,
      // not the gateway's reports of events that came too late
      types: ["ContactCreate"],
      shards: SHARDS,
    });
    const startMs = performance.now();
    const url = `${gateway.url}/webhooks/${APP}`;
    const acks = await postAll(url, {
      count: posts,
      concurrency: atOnce,
      eventAt: (index) => {
        posted = index + 1;
        return traffic.post(traffic.order[index]!);
      },
    });
    const quietSinceMs = performance.now();
    const isDone = async (): Promise<boolean> =>
      (await gateway.admin<{ due: number }>("GET", `endpoints/${endpoint.id}/status`)).due === 0;
    const freshCount = [...byNumber.keys()].filter((number) => !traffic.isStale(number)).length;
    while (delivered < freshCount || !(await isDone())) {
      if (performance.now() - Math.max(quietSinceMs, lastAtMs) > STALLED_MS) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const deliveredSeconds = (lastAtMs - startMs) / 1000;
    const found = await breaches(gateway, {
      endpointId: endpoint.id,
      traffic,
      acks,
      received: { byId, byNumber },
    });
    return { distinct: traffic.distinct, acks, delivered, deliveredSeconds, memoryMb, breaches: found };
  } finally {
    clearInterval(look);
    await gateway.close();
    await destination.close();
  }
}
