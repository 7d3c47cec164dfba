/**
 * The lockfile of the fresh project, made from the workspace's own. Every outside package has the workspace's version, so that
 * pnpm installs it from its store without a network. Every package of ours is its tarball. A tarball reaches only the
 * dependencies that it declares, as on a user's machine with a strict installer.
 */
import { parse, stringify } from "yaml";

/** A packed package. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  /** Its folder below packages/. */
  readonly folder: string;
  /** Path relative to the fresh project, with `/`. */
  readonly file: string;
  /** `sha512-…` of the file. */
  readonly integrity: string;
  readonly hasBin: boolean;
}

interface Dependency {
  readonly specifier: string;
  readonly version: string;
}
interface Snapshot {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Importer {
  readonly dependencies?: Readonly<Record<string, Dependency>>;
  readonly devDependencies?: Readonly<Record<string, Dependency>>;
}
interface Lockfile {
  readonly lockfileVersion: string;
  readonly settings: unknown;
  readonly importers: Readonly<Record<string, Importer>>;
  readonly packages: Readonly<Record<string, unknown>>;
  readonly snapshots: Readonly<Record<string, Snapshot>>;
}

/** Key of a package in a lockfile; an aliased one (`npm:`) has its real name in the version already. */
const keyOf = (name: string, version: string): string =>
  withoutPeers(version).includes("@") ? version : `${name}@${version}`;
const withoutPeers = (key: string): string => key.replace(/\(.*$/, "");

/** Dependencies of the project to lock. */
export interface ProjectDependencies {
  readonly tarballs: readonly Tarball[];
  /** App of the workspace whose versions of `tools` the project gets. */
  readonly importer: string;
  readonly tools: readonly string[];
}

/** Makes the manifest and the lockfile of a project with these dependencies. */
export function lockProject(
  workspaceLockfile: string,
  { tarballs, importer, tools }: ProjectDependencies,
): { manifest: Record<string, unknown>; lockfile: string } {
  const workspace = parse(workspaceLockfile) as Lockfile;
  const packages: Record<string, unknown> = {};
  const snapshots: Record<string, Snapshot> = {};
  const locate = new Map(tarballs.map(({ name, file }) => [name, `file:${file}`]));

  const add = (name: string, version: string): void => {
    const key = keyOf(name, version);
    if (key in snapshots) return;
    const snapshot = workspace.snapshots[key];
    if (!snapshot) throw new Error(`pnpm-lock.yaml has no ${key}: run pnpm install`);
    snapshots[key] = snapshot;
    packages[withoutPeers(key)] = workspace.packages[withoutPeers(key)];
    for (const all of [snapshot.dependencies, snapshot.optionalDependencies])
      for (const [dependency, found] of Object.entries(all ?? {})) add(dependency, found);
  };

  for (const { name, version, folder, file, integrity, hasBin } of tarballs) {
    const dependencies: Record<string, string> = {};
    for (const [dependency, found] of Object.entries(workspace.importers[`packages/${folder}`]?.dependencies ?? {})) {
      const ours = locate.get(dependency);
      dependencies[dependency] = ours ?? found.version;
      if (!ours) add(dependency, found.version);
    }
    const key = `${name}@file:${file}`;
    packages[key] = { resolution: { integrity, tarball: `file:${file}` }, version, ...(hasBin ? { hasBin } : {}) };
    snapshots[key] = { dependencies };
  }

  const devDependencies: Record<string, Dependency> = {};
  for (const tool of tools) {
    const found = workspace.importers[importer]?.devDependencies?.[tool];
    if (!found) throw new Error(`${importer} does not depend on ${tool}`);
    devDependencies[tool] = { specifier: found.version, version: found.version };
    add(tool, found.version);
  }
  const dependencies = Object.fromEntries(
    [...locate].map(([name, version]) => [name, { specifier: version, version }] as const),
  );
  const specifiers = (all: Record<string, Dependency>): Record<string, string> =>
    Object.fromEntries(Object.entries(all).map(([name, { specifier }]) => [name, specifier]));
  return {
    manifest: {
      name: "fresh",
      private: true,
      version: "1.0.0",
      type: "module",
      dependencies: specifiers(dependencies),
      devDependencies: specifiers(devDependencies),
    },
    lockfile: stringify({
      lockfileVersion: workspace.lockfileVersion,
      settings: workspace.settings,
      importers: { ".": { dependencies, devDependencies } },
      packages,
      snapshots,
    }),
  };
}
