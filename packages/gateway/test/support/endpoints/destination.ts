/** One request that the destination of the tests has received. */
export interface Received {
  readonly path: string;
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Status of the answer; null where the connection breaks. */
  readonly status: number | null;
}

/** The responses of a path from now on; `hang` waits for `release`. */
export interface Behaviour {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The head of the answer comes at once, the body never ends. */
  readonly endless?: boolean;
  readonly hang?: boolean;
  /** The connection breaks. */
  readonly broken?: boolean;
  /** Only so often, then 200. */
  readonly times?: number;
}

/** The server behind the tests that deliveries and callbacks are sent to. Every path is a destination of its own. */
export function createDestination(): (request: Request) => Promise<Response> {
  const received: Received[] = [];
  const behaviours = new Map<string, { behaviour: Behaviour; left: number }>();
  const hanging = new Map<string, (() => void)[]>();

  async function control(name: string, request: Request): Promise<Response> {
    const body = request.method === "POST" ? ((await request.json()) as Record<string, unknown>) : {};
    if (name === "behave") {
      const behaviour = body.behaviour as Behaviour;
      behaviours.set(String(body.path), { behaviour, left: behaviour.times ?? Number.POSITIVE_INFINITY });
    }
    if (name === "release") for (const release of hanging.get(String(body.path))?.splice(0) ?? []) release();
    if (name === "count") {
      const count = received.filter(({ path }) => path === body.path).length;
      const ids = new Set(received.filter(({ path }) => path === body.path).map((one) => one.headers["webhook-id"]));
      return Response.json({ count, distinct: ids.size });
    }
    return Response.json(received.filter(({ path }) => path === body.path));
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/__destination/")) return control(pathname.slice("/__destination/".length), request);
    const headers = Object.fromEntries(request.headers);
    const body = await request.text();
    const found = behaviours.get(pathname);
    const behaviour = found === undefined || found.left <= 0 ? undefined : found.behaviour;
    const answer = behaviour?.broken ? null : (behaviour?.status ?? 200);
    received.push({ path: pathname, atMs: Date.now(), headers, body, status: answer });
    if (found === undefined || behaviour === undefined) return new Response(null, { status: 200 });
    found.left -= 1;
    const { status = 200, headers: answered = {}, body: text = null, endless, hang = false, broken } = behaviour;
    if (broken) throw new TypeError("the destination's connection broke");
    if (hang) await new Promise<void>((resolve) => hanging.set(pathname, [...(hanging.get(pathname) ?? []), resolve]));
    const unending = endless && new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([32])) });
    return new Response(unending || text, { status, headers: answered });
  };
}
