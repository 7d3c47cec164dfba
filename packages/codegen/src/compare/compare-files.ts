import type { Overlay } from "../input/overlay/overlay.ts";
import { diffDocuments } from "./diff.ts";
import type { DiffResult } from "./model.ts";
import { openSpecFiles } from "./read/files.ts";
import { readSpecDocuments } from "./read/read.ts";

/** Options of {@link diff}. */
export interface DiffOptions {
  /** Folder that relative paths and git revisions start from. Default: the current folder. */
  readonly cwd?: string | undefined;
  /** Applied to documents as upstream has them; the distilled ones have theirs. */
  readonly overlays?: readonly Overlay[] | undefined;
}

/**
 * Compares two files, folders, archives, or git revisions (`rev:path`, or `rev` for its `openapi` folder).
 *
 * @param before - The earlier documents
 * @param after - The later documents
 * @param options - The folder for relative paths, and overlays
 * @returns The findings, worst first, with their counts
 * @throws {UnreadableFileError} when a side cannot be read, or contains no documents (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {NotParsableError} when a file is neither JSON nor YAML (`ERR_GHL_CODEGEN_NOT_PARSABLE`)
 * @throws {NotOpenApiError} when a file is not an OpenAPI 3.x document (`ERR_GHL_CODEGEN_NOT_OPENAPI`)
 * @throws {UnresolvedReferenceError} when a reference has no target (`ERR_GHL_CODEGEN_UNRESOLVED_REF`)
 * @throws {NameClashError} when two documents have the same name (`ERR_GHL_CODEGEN_NAME_CLASH`)
 * @throws {OverlayTargetError} when an overlay does not fit one of the sides (`ERR_GHL_CODEGEN_OVERLAY_TARGET`)
 * @throws {OverlayNoEffectError} when an overlay changes nothing (`ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT`)
 * @example
 * ```ts
 * import { diff } from "@ghl-edge/codegen";
 *
 * const { counts, findings } = await diff("v1.2.0:openapi", "main:openapi");
 * if (counts.breaking > 0) console.log(findings.filter((finding) => finding.class === "breaking"));
 * ```
 */
export async function diff(before: string, after: string, options: DiffOptions = {}): Promise<DiffResult> {
  const { cwd = process.cwd(), overlays = [] } = options;
  const read = async (name: string) => readSpecDocuments(await openSpecFiles(name, cwd), overlays);
  const [old, now] = await Promise.all([read(before), read(after)]);
  return diffDocuments(old, now);
}
