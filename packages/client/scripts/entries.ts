import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the package. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Every entry of the package, `v3/contacts` for a module, with the source it is built from. */
export function entries(): Record<string, string> {
  const modules = globSync("src/generated/v*/*.gen.ts", { cwd: root })
    .filter((file) => !file.endsWith(".d.ts"))
    .sort()
    .map((file) => [file.slice("src/generated/".length, -".gen.ts".length), file]);
  return {
    index: "src/index.ts",
    openapi: "src/openapi.ts",
    raw: "src/raw.ts",
    routes: "src/routes.ts",
    ...Object.fromEntries(modules),
  };
}
