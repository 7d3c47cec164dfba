import type { EmulatorContext, RequestBindings } from "../core/context.ts";
import { readMessage } from "../core/log/exchange.ts";
import { cutBody, garbageBody, slowBody } from "./body-faults.ts";
import { ConnectionResetError } from "./connection-reset.ts";
import type { Fault } from "./fault.ts";
import { readRequestProperties } from "./request-properties.ts";

type Execute = (request: Request, bindings: RequestBindings) => Promise<Response>;

function errorAnswer({ status, body }: { readonly status: number; readonly body?: string }): Response {
  const text = body ?? JSON.stringify({ statusCode: status, message: "Internal server error" });
  // 204, 205 and 304 may carry no body
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : text, { status, headers: { "content-type": "application/json" } });
}

/** Waits until the answer is released, its time is over, or the caller has left. */
function hold(context: EmulatorContext, ms: number | undefined, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  return new Promise((resolve) => {
    const release = (): void => {
      context.state.held.delete(release);
      ended.abort();
      resolve();
    };
    context.state.held.add(release);
    signal.addEventListener("abort", release, { once: true });
    if (signal.aborted) release();
    else if (ms !== undefined) void context.options.sleep(ms, ended.signal).then(release);
  });
}

async function shape(
  context: EmulatorContext,
  fault: Fault,
  { response, signal }: { readonly response: Response; readonly signal: AbortSignal },
): Promise<Response> {
  const { sleep } = context.options;
  switch (fault.kind) {
    case "latency":
      if (fault.after) await sleep(latencyOf(context, fault), signal);
      return response;
    case "lost":
      await response.body?.cancel();
      throw new ConnectionResetError();
    case "hold":
      await hold(context, fault.ms, signal);
      return response;
    case "status":
      await response.body?.cancel();
      return errorAnswer(fault);
    case "garbage":
      await response.body?.cancel();
      return garbageBody(response, fault);
    case "cut":
      return cutBody(response, fault.bytes);
    case "slow":
      return slowBody(response, fault, sleep);
    default:
      return response;
  }
}

function latencyOf(context: EmulatorContext, fault: { readonly ms: number; readonly jitterMs?: number }): number {
  return fault.ms + Math.floor(context.random.next() * (fault.jitterMs ?? 0));
}

/** Executes a request, with the faults that befall it. @throws ConnectionResetError where one breaks the connection. */
export async function executeWithFaults(
  context: EmulatorContext,
  request: Request,
  execute: Execute,
): Promise<Response> {
  const { state, options } = context;
  if (state.faults.size === 0) return execute(request, { skewMs: 0 });
  const properties = await readRequestProperties(state, request);
  const faults = state.faults.take(properties);
  if (faults.length === 0) return execute(request, { skewMs: 0 });
  const names = faults.map(({ kind }) => kind).join(" ");

  for (const fault of faults)
    if (fault.kind === "latency" && !fault.after) await options.sleep(latencyOf(context, fault), request.signal);
  const instead = faults.find(
    ({ kind, ...fault }) => kind === "reset" || (kind === "status" && !("executes" in fault && fault.executes)),
  );
  if (instead !== undefined) {
    const { method, path } = properties;
    const status = instead.kind === "status" ? instead.status : 0;
    const entry = { atMs: options.now(), method, path, status, fault: names };
    state.log.push(entry);
    if (options.controls) state.exchanges.store(entry, { request: await readMessage(request, new URL(request.url)) });
    if (instead.kind !== "status") throw new ConnectionResetError();
    return errorAnswer(instead);
  }
  const skewMs = faults.reduce((sum, fault) => sum + (fault.kind === "skew" ? fault.ms : 0), 0);
  let response = await execute(request, { skewMs, fault: names });
  for (const fault of faults) response = await shape(context, fault, { response, signal: request.signal });
  return response;
}
