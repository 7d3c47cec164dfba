import type { SourceFile } from "../source-files.ts";

/** Whole codes in quotes; a prefix such as `ERR_GHL_PAYMENT_${string}` is a type. */
const CODE = /["'`](ERR_GHL_[A-Z0-9]+(?:_[A-Z0-9]+)*)["'`]/g;

/** Every error code that the sources of a package or of the gateway name, by its name. */
export function codesByPackage(
  files: readonly Pick<SourceFile, "path" | "text">[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    const [, name] = /^(?:packages|apps)\/([^/]+)\/src\//.exec(path) ?? [];
    if (name === undefined || /\.gen(\.d)?\.ts$/.test(path)) continue;
    for (const [, code] of text.matchAll(CODE)) {
      const codes = found.get(name) ?? new Set();
      found.set(name, codes.add(code!));
    }
  }
  return found;
}

/** Codes that sources name without an entry in the reference, and entries whose code no source names. */
export function missingEntries(
  named: ReadonlyMap<string, ReadonlySet<string>>,
  entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string[] {
  const known = new Set(Object.values(entries).flatMap((codes) => Object.keys(codes)));
  const missing = [...named].flatMap(([name, codes]) =>
    [...codes].filter((code) => !known.has(code)).map((code) => `${code} of ${name} has no entry`),
  );
  const stale = Object.entries(entries).flatMap(([name, codes]) =>
    Object.keys(codes)
      .filter((code) => !named.get(name)?.has(code))
      .map((code) => `${code} has an entry and is not named in ${name}`),
  );
  return [...missing, ...stale];
}
