/** Once for all test files: the fresh project, with the app written into it. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { parse } from "yaml";
import type { Example } from "./examples.ts";
import { createProject, removeProject } from "./fresh-project.ts";
import { userEnvironment } from "./nodes.ts";
import { runToSuccess } from "./run.ts";
import { writeSources } from "./sources.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the fresh project. */
    project: string;
    examples: readonly Example[];
  }
}

/** Prepares the input of codegen's examples: an app, a document generated as the README says, a checkout like HighLevel's. */
async function prepareCodegen(project: string): Promise<void> {
  const cwd = join(project, "examples/codegen");
  const checkout = join(project, "examples/highlevel-api-docs/apps");
  for (const folder of [join(cwd, "src"), checkout]) mkdirSync(folder, { recursive: true });
  cpSync(join(project, "petstore.yaml"), join(cwd, "petstore.yaml"));
  cpSync(join(project, "worker-app.ts"), join(cwd, "src/app.ts"));
  const document: unknown = parse(readFileSync(join(project, "petstore.yaml"), "utf8"));
  writeFileSync(join(checkout, "petstore.json"), JSON.stringify(document));
  const bin = join(project, "node_modules/.bin/ghl-codegen");
  await runToSuccess(bin, ["generate", "--input", "petstore.yaml", "--out", "generated"], {
    cwd,
    env: userEnvironment(process.execPath, project),
  });
}

export default async function setup(vitest: TestProject): Promise<() => void> {
  let project: string | undefined;
  const teardown = (): void => {
    if (project) removeProject(project);
  };
  try {
    project = await createProject();
    vitest.provide("examples", await writeSources(project));
    await prepareCodegen(project);
    vitest.provide("project", project);
    return teardown;
  } catch (error) {
    teardown();
    // vitest cannot print the stack of an error from here
    const { message } = error as Error;
    throw Object.assign(new Error(message), { stack: message });
  }
}
