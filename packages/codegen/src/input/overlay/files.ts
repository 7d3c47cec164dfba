import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOverlayError, UnreadableFileError } from "../../errors.ts";
import { byCodeUnit, type Json } from "../../json/json.ts";
import { type Overlay, readOverlay } from "./overlay.ts";

/**
 * Reads every `*.yaml` of a folder, by name. A folder that does not exist contains none.
 *
 * @param folder - Path of the folder
 * @returns The overlays
 * @throws {UnreadableFileError} when the folder or a file cannot be read (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {InvalidOverlayError} when a file is not an OpenAPI Overlay 1.0 document (`ERR_GHL_CODEGEN_OVERLAY_INVALID`)
 * @example
 * ```ts
 * import { diff, readOverlays } from "@ghl-edge/codegen";
 *
 * const overlays = await readOverlays("openapi/overlays");
 * const result = await diff("before", "after", { overlays });
 * ```
 * @see {@link https://spec.openapis.org/overlay/v1.0.0.html}
 */
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
