import type { Overlay } from "../input/overlay/overlay.ts";
import { diffDocuments } from "./diff.ts";
import type { DiffResult } from "./model.ts";
import { openSpecFiles } from "./read/files.ts";
import { readSpecDocuments } from "./read/read.ts";

export interface DiffOptions {
  /** Folder that relative paths and git revisions start from. Default: the current folder. */
  readonly cwd?: string | undefined;
  /** Applied to documents as upstream has them; the distilled ones have theirs. */
  readonly overlays?: readonly Overlay[] | undefined;
}

/**
 * Compares two files, folders, archives, or git revisions (`rev:path`, or `rev` for its `openapi` folder).
 *
 * @throws UnreadableFileError, NotParsableError, NotOpenApiError, UnresolvedReferenceError, NameClashError
 * @throws OverlayTargetError, OverlayNoEffectError an overlay does not fit one of the sides
 */
export async function diff(before: string, after: string, options: DiffOptions = {}): Promise<DiffResult> {
  const { cwd = process.cwd(), overlays = [] } = options;
  const read = async (name: string) => readSpecDocuments(await openSpecFiles(name, cwd), overlays);
  const [old, now] = await Promise.all([read(before), read(after)]);
  return diffDocuments(old, now);
}
