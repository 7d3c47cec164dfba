import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { NotParsableError, UnreadableFileError } from "../../../errors.ts";
import { byCodeUnit } from "../../../json/json.ts";
import { isSpecPath, type Source } from "./source.ts";
import { readTar, type TarContent } from "./tar.ts";

/** Upstream is 8 MB unpacked; an archive that grows beyond this is not it. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** Reads a `.tar.gz` or `.tgz` of the upstream repository, as GitHub and `git archive` make them. */
export async function readTarball(file: string): Promise<Source> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new UnreadableFileError("cannot be read", { file }, { cause });
  });
  return sourceOfTarball(bytes, file);
}

/** Reads the OpenAPI files of a packed archive, with the commit and its date where the archive contains them. */
export async function sourceOfTarball(packed: Uint8Array, label: string): Promise<Source> {
  const content = await unpack(packed, label);
  const files = new Map<string, Uint8Array>();
  let newest = 0;
  for (const { path, bytes, modified } of content.files) {
    const inside = withoutTopFolder(path);
    if (inside === undefined) continue;
    files.set(inside, bytes);
    newest = Math.max(newest, modified);
  }
  const commit = /^[0-9a-f]{40}$/.test(content.comment ?? "") ? content.comment : undefined;
  // git archive stamps every entry with the time of the commit; without a commit the time means nothing
  const date = commit === undefined ? undefined : new Date(newest * 1000).toISOString().slice(0, 10);
  return { label, files: new Map([...files].sort(([a], [b]) => byCodeUnit(a, b))), origin: { commit, date } };
}

async function unpack(packed: Uint8Array, label: string): Promise<TarContent> {
  try {
    return readTar(await promisify(gunzip)(packed, { maxOutputLength: MAX_UNPACKED_BYTES }));
  } catch (cause) {
    throw new NotParsableError(
      `file must be a .tar.gz archive: ${(cause as Error).message}`,
      { file: label },
      { cause },
    );
  }
}

/** `highlevel-api-docs-0af86a4/apps/contacts.json` and `./apps/contacts.json` → `apps/contacts.json`. */
function withoutTopFolder(path: string): string | undefined {
  const plain = path.replace(/^\.\//, "");
  if (isSpecPath(plain)) return plain;
  const inside = plain.slice(plain.indexOf("/") + 1);
  return isSpecPath(inside) ? inside : undefined;
}
