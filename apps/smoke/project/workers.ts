/** Bundles for Workers as wrangler makes them, and workerd without any compatibility flag to run them. */
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare, type Request as WorkerRequest } from "miniflare";

/** workerd behaves as on this day: an app that has not been touched for long. */
const COMPATIBILITY_DATE = "2025-01-01";

/** A module to run. */
export interface Script {
  readonly name: string;
  /** Path of its source in the project. */
  readonly file: string;
  /** Source; read from `file` when absent. */
  readonly contents?: string;
  readonly bindings?: Readonly<Record<string, string>>;
}

/** A bundle, and what is left to be imported at run time. */
export interface Bundle {
  readonly code: string;
  readonly imports: readonly string[];
}

/** Bundles for Workers without Node: an import of a Node module anywhere fails the build. */
export async function bundle(project: string, { file, contents }: Script): Promise<Bundle> {
  const from = { resolveDir: join(project, dirname(file)), sourcefile: file, loader: "ts" } as const;
  const { outputFiles, metafile } = await build({
    ...(contents === undefined ? { entryPoints: [file] } : { stdin: { contents, ...from } }),
    absWorkingDir: project,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    outfile: "bundle.js",
    logLevel: "silent",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return { code: outputFiles[0]!.text, imports };
}

/** Running Workers. */
export interface Workers {
  fetch(name: string, url: string, init?: RequestInit): Promise<{ status: number; text: string }>;
  /** Hosts that a Worker tried to reach and no stand-in answers for. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/** Starts one workerd with all scripts. What leaves it is answered by `outside`, which gives `undefined` for strangers. */
export async function startWorkers(
  project: string,
  scripts: readonly Script[],
  outside: (request: Request) => Promise<Response | undefined>,
): Promise<Workers> {
  const refused: string[] = [];
  const outboundService = async (request: WorkerRequest): Promise<Response> => {
    const { method, url, headers } = request;
    const body = method === "GET" || method === "HEAD" ? undefined : await request.arrayBuffer();
    const answer = await outside(new Request(url, { method, headers: [...headers], ...(body ? { body } : {}) }));
    if (!answer) refused.push(new URL(url).host);
    return answer ?? new Response("refused", { status: 599 });
  };
  const workers = await Promise.all(
    scripts.map(async (script) => ({
      name: script.name,
      modules: true as const,
      script: (await bundle(project, script)).code,
      compatibilityDate: COMPATIBILITY_DATE,
      compatibilityFlags: [],
      bindings: { ...script.bindings },
      outboundService,
    })),
  );
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers, cf: false } as never));
  await miniflare.ready;
  return {
    refused,
    async fetch(name, url, init) {
      const worker = await miniflare.getWorker(name);
      const answer = await worker.fetch(url, init as never);
      return { status: answer.status, text: await answer.text() };
    },
    close: () => miniflare.dispose(),
  };
}
