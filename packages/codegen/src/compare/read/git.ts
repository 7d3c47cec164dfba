import { spawn } from "node:child_process";
import { UnreadableFileError } from "../../errors.ts";
import { withReferenced } from "./referenced.ts";
import { isCandidate, type SpecFiles } from "./spec-files.ts";

/** Folder that is read when a revision is given without a path. */
const DEFAULT_PATH = "openapi";

interface GitResult {
  readonly code: number | null;
  readonly out: Buffer;
}

/** Runs git without a shell: what the user names is an argument, never a command. */
function git(cwd: string, args: readonly string[], input = ""): Promise<GitResult> {
  return new Promise((done, fail) => {
    const child = spawn("git", args, { cwd, stdio: ["pipe", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
    child.on("error", fail);
    child.on("close", (code) => done({ code, out: Buffer.concat(chunks) }));
    // git may end before it has read everything
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Reads `rev:path` or `rev`; undefined when git does not know the revision. @throws UnreadableFileError */
export async function readRevision(name: string, cwd: string): Promise<SpecFiles | undefined> {
  if (name.startsWith("-")) return undefined;
  const colon = name.indexOf(":");
  const revision = colon === -1 ? name : name.slice(0, colon);
  const path = (colon === -1 ? DEFAULT_PATH : name.slice(colon + 1)).replace(/^\.\/|\/+$/g, "");
  const commit = await git(cwd, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]).catch(() => undefined);
  if (commit === undefined || commit.code !== 0) return undefined;
  const hash = commit.out.toString("utf8").trim();
  const entries = await listTree(cwd, hash);
  const object = entries.get(path);
  if (object !== undefined)
    return { label: name, files: await readOne(cwd, { path, id: object }, entries), only: path };
  const folder = path === "" ? "" : `${path}/`;
  const files = [...entries].filter(([file]) => file.startsWith(folder) && isCandidate(file));
  if (files.length === 0)
    throw new UnreadableFileError(`${revision} must contain OpenAPI documents, got none`, { file: name });
  const ids = files.map(([, id]) => id);
  const contents = await readObjects(cwd, ids);
  return {
    label: name,
    files: new Map(files.map(([file], index) => [file.slice(folder.length), contents[index] ?? new Uint8Array()])),
    only: undefined,
  };
}

/** One file of a commit, and those it refers to. */
async function readOne(
  cwd: string,
  { path, id }: { readonly path: string; readonly id: string },
  entries: ReadonlyMap<string, string>,
): Promise<Map<string, Uint8Array>> {
  const read = async (object: string | undefined): Promise<Uint8Array | undefined> =>
    object === undefined ? undefined : (await readObjects(cwd, [object]))[0];
  return withReferenced(path, (await read(id)) ?? new Uint8Array(), (file) => read(entries.get(file)));
}

/** Object ids of the files of a commit, by path from the root of the repository. */
async function listTree(cwd: string, commit: string): Promise<Map<string, string>> {
  const { out } = await git(cwd, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  const found = new Map<string, string>();
  for (const line of out.toString("utf8").split("\0")) {
    const [head = "", path] = line.split("\t");
    const [, type, id] = head.split(" ");
    if (type === "blob" && id !== undefined && path !== undefined) found.set(path, id);
  }
  return found;
}

async function readObjects(cwd: string, ids: readonly string[]): Promise<Uint8Array[]> {
  const { out } = await git(cwd, ["cat-file", "--batch"], `${ids.join("\n")}\n`);
  const found: Uint8Array[] = [];
  for (let offset = 0; offset < out.length; ) {
    const end = out.indexOf(10, offset);
    const size = Number(out.subarray(offset, end).toString("utf8").split(" ")[2]);
    found.push(out.subarray(end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return found;
}
