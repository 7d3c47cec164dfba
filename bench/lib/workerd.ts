import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ROOT } from "./context.ts";
import { signedDelivery } from "./signed-delivery.ts";

/** The verifiers in workerd; `close` ends it. */
export interface WorkerdVerifiers {
  /** Microseconds per verification, the time of an empty request taken off. */
  readonly sample: (verifier: string, count: number, atOnce: 1 | 64) => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function startWorkerd(): Promise<WorkerdVerifiers> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "bench/programs/signature-worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
  });
  const worker = { modules: true, script: outputFiles[0]!.text, compatibilityDate: "2026-10-01", cf: false } as const;
  const miniflare = new Miniflare(convertV4MiniflareOptions(worker));
  const { body, ...rest } = signedDelivery();
  const delivery = JSON.stringify({ ...rest, body: new TextDecoder().decode(body) });

  async function requestMs(verifier: string, count: number, atOnce: 1 | 64): Promise<number> {
    const url = `http://bench/${encodeURIComponent(verifier)}?count=${count}&atOnce=${atOnce}`;
    const startMs = performance.now();
    const response = await miniflare.dispatchFetch(url, { method: "POST", body: delivery });
    const text = await response.text();
    if (!response.ok) throw new Error(`${verifier} in workerd: ${text.slice(0, 500)}`);
    return performance.now() - startMs;
  }

  return {
    sample: async (verifier, count, atOnce) => {
      const emptyMs = await requestMs(verifier, 0, atOnce);
      return (((await requestMs(verifier, count, atOnce)) - emptyMs) * 1000) / count;
    },
    close: () => miniflare.dispose(),
  };
}
