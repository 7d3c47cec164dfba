/** Packs every published package and installs the tarballs into a new project outside the workspace, without a network. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";
import { lockProject, type Tarball } from "./lockfile.ts";
import { findPackages, ROOT, type SourcePackage } from "./packages.ts";
import { runToSuccess } from "./run.ts";

/** Packages that README examples import besides ours, and the types of the runtimes. Each is a devDependency of this app. */
const TOOLS = ["@cloudflare/workers-types", "@types/node", "hono"];

/** Nothing listens at this address, so that an installer that needs a registry fails instead of finding one. */
const NO_REGISTRY = "http://127.0.0.1:9/";

const SETTINGS = {
  // a package sees what it declares, and nothing that merely lies about
  hoist: false,
  registry: NO_REGISTRY,
  // the age of a release is in the registry's metadata; the workspace's own install has looked at it
  minimumReleaseAge: 0,
  pmOnFail: "ignore",
};

/** The store that the workspace was installed from; by itself pnpm takes another where the temporary folder is on another disk. */
function workspaceStore(): string {
  const { storeDir } = parse(readFileSync(join(ROOT, "node_modules/.modules.yaml"), "utf8")) as { storeDir: string };
  return storeDir;
}

async function pack(source: SourcePackage, project: string): Promise<Tarball> {
  if (!existsSync(join(source.path, "dist")))
    throw new Error(
      `packages/${source.folder} is not built: run pnpm build. (A new package belongs into the devDependencies of ` +
        "apps/smoke, so that turbo builds it first.)",
    );
  const { stdout } = await runToSuccess("pnpm", ["pack", "--json", "--pack-destination", join(project, "tarballs")], {
    cwd: source.path,
  });
  const { filename } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { filename: string };
  const file = `tarballs/${basename(filename)}`;
  return {
    name: source.manifest.name,
    version: source.manifest.version,
    folder: source.folder,
    file,
    integrity: `sha512-${createHash("sha512")
      .update(readFileSync(join(project, file)))
      .digest("base64")}`,
    hasBin: source.manifest.bin !== undefined,
  };
}

/** Makes the project and returns its path. The caller removes it with `removeProject`. */
export async function createProject(): Promise<string> {
  const project = mkdtempSync(join(realpathSync(tmpdir()), "ghl-edge-smoke-"));
  try {
    mkdirSync(join(project, "tarballs"));
    const tarballs = await Promise.all(findPackages().map((source) => pack(source, project)));
    const workspaceLockfile = readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8");
    const { manifest, lockfile } = lockProject(workspaceLockfile, { tarballs, importer: "apps/smoke", tools: TOOLS });
    writeFileSync(join(project, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
    writeFileSync(join(project, "pnpm-lock.yaml"), lockfile);
    writeFileSync(join(project, "pnpm-workspace.yaml"), stringify({ ...SETTINGS, storeDir: workspaceStore() }));
    await runToSuccess("pnpm", ["install", "--offline", "--frozen-lockfile", "--ignore-scripts"], {
      cwd: project,
      env: { ...process.env, npm_config_registry: NO_REGISTRY },
    });
    return project;
  } catch (error) {
    removeProject(project);
    throw error;
  }
}

/** Removes it; kept for looking at when `SMOKE_KEEP` is set. */
export function removeProject(project: string): void {
  if (!process.env.SMOKE_KEEP) rmSync(project, { recursive: true, force: true });
}
