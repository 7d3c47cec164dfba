import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOverlayError, UnreadableFileError } from "../../errors.ts";
import { byCodeUnit, type Json } from "../../json/json.ts";
import { type Overlay, readOverlay } from "./overlay.ts";

/** Every `*.yaml` of a folder, by name. A folder that is not there holds none. */
export async function readOverlays(folder: string): Promise<Overlay[]> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort(byCodeUnit);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UnreadableFileError("cannot be read", { file: folder }, { cause });
  }
  if (names.length === 0) return [];
  const { parse } = await import("yaml");
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const text = await readFile(file, "utf8").catch((cause: unknown) => {
        throw new UnreadableFileError("cannot be read", { file }, { cause });
      });
      try {
        return readOverlay(parse(text) as Json, file);
      } catch (cause) {
        if (cause instanceof InvalidOverlayError) throw cause;
        throw new InvalidOverlayError(`file must be valid YAML: ${(cause as Error).message}`, { file }, { cause });
      }
    }),
  );
}
