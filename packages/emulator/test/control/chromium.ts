import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** As Debian, Ubuntu and Chrome's own package call it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** A browser of this machine, `CHROMIUM_PATH` first; undefined: there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH, PATH = "" } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const folders = PATH.split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
