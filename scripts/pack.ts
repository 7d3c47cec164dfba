/** Packs every package that is published into `tarballs/`, for a job that publishes and builds nothing. Needs a build. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./update/commands.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

for (const path of globSync("packages/*/package.json", { cwd: root })) {
  const { private: isPrivate } = JSON.parse(readFileSync(join(root, path), "utf8")) as { private?: boolean };
  if (isPrivate) continue;
  await run(["pnpm"], ["pack", "--pack-destination", join(root, "tarballs")], { cwd: join(root, dirname(path)) });
}
