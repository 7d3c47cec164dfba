/** Checks a published package's manifest. The functions are pure, so that each demand has a test. */

/** The fields of package.json that the checks read. */
export interface Manifest {
  name: string;
  private?: boolean;
  description?: string;
  license?: string;
  keywords?: string[];
  homepage?: string;
  bugs?: { url?: string };
  repository?: { url?: string; directory?: string };
  engines?: { node?: string };
  type?: string;
  sideEffects?: boolean | string[];
  files?: string[];
  exports?: Record<string, string | Record<string, string>>;
}

/** Findings in a manifest. `exists` says whether a file is in the package, `readme` is the text of its README. */
export function manifestFindings(manifest: Manifest, exists: (path: string) => boolean, readme: string): string[] {
  const findings: string[] = [];
  const demand = (holds: boolean, message: string): void => {
    if (!holds) findings.push(message);
  };
  demand(manifest.type === "module", 'type is not "module"');
  demand(manifest.sideEffects === false, "sideEffects is not false");
  demand(manifest.license === "MIT", "license is not MIT");
  demand(/unofficial/i.test(manifest.description ?? ""), "description does not say that the package is unofficial");
  demand(/unofficial/i.test(readme), "README does not say that the package is unofficial");
  demand(manifest.files?.includes("dist") === true, "files does not list dist");
  // Editors follow a declaration map to the source only where the file is there.
  demand(manifest.files?.includes("src") === true, "files does not list src, which the declaration maps lead to");
  const repository = (manifest.repository?.url ?? "").replace(/^git\+|\.git$/g, "");
  demand(repository.startsWith("https://"), "repository is not a git+https URL");
  demand(
    manifest.homepage === `${repository}/tree/main/${manifest.repository?.directory}#readme`,
    "homepage is not the package's README in its repository",
  );
  demand(manifest.bugs?.url === `${repository}/issues`, "bugs is not the issues of the repository");
  const keywords = manifest.keywords ?? [];
  demand(
    ["highlevel", "gohighlevel"].every((word) => keywords.includes(word)),
    "keywords lacks a name of HighLevel",
  );
  demand(keywords.length >= 5 && new Set(keywords).size === keywords.length, "keywords are less than five or repeated");
  demand(/^>=20\./.test(manifest.engines?.node ?? ""), "engines does not say which Node 20 is the oldest");

  const entries = Object.entries(manifest.exports ?? {});
  demand(entries.length > 0, "no exports");
  for (const [entry, target] of entries) {
    demand(!entry.includes("*"), `${entry} is a pattern; entries are listed one by one`);
    if (typeof target === "string") {
      demand(entry === "./package.json" || target.endsWith(".json"), `${entry} has no types`);
      demand(exists(target), `${entry} points at ${target}, which is not built`);
      continue;
    }
    demand(Object.keys(target)[0] === "types", `${entry} does not name its types first`);
    for (const path of Object.values(target)) demand(exists(path), `${entry} points at ${path}, which is not built`);
  }

  const escaped = manifest.name.replace(/[/-]/g, "\\$&");
  const entryNames = new Set(entries.map(([entry]) => manifest.name + entry.slice(1)));
  for (const [, name] of readme.matchAll(new RegExp(`["'\`](${escaped}(?:/[\\w./-]+)?)["'\`]`, "g")))
    demand(entryNames.has(name!), `README names ${name}, which is no entry`);
  return findings;
}
