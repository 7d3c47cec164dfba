import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Folder with what this package brings along for `sync` and `generate`: overlays, evidence, the webhooks document and the
 * lock of the documents they were made for. The build copies it into `dist/`; the sources read the repository's own.
 */
export function packagedFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = join(here, "openapi");
  return existsSync(built) ? built : join(here, "../../../openapi");
}

/** The file of that name in somebody's own folder of documents, or else the one that this package brings along. */
export function ownOrPackaged(folder: string, name: string): string {
  const own = join(folder, name);
  return existsSync(own) ? own : join(packagedFolder(), name);
}
