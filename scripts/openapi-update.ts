/**
 * Follows HighLevel's documents: sync → diff → generate → test → one rolling pull request. The workflow of the same name
 * runs it once a day; `scripts/test/openapi-update.test.ts` runs it against a repository and an upstream of its own.
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { prepareUpdate, publishUpdate, type UpdateOptions, updateOpenapi } from "./update/flow.ts";
import { readHandOff, writeHandOff } from "./update/hand-off.ts";
import { GITHUB_API } from "./update/upstream.ts";

const { values } = parseArgs({
  options: {
    root: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) },
    repository: { type: "string", default: "GoHighLevel/highlevel-api-docs" },
    ref: { type: "string", default: "main" },
    "api-url": { type: "string", default: GITHUB_API },
    "archive-url": { type: "string" },
    remote: { type: "string", default: "origin" },
    base: { type: "string", default: "main" },
    branch: { type: "string", default: "openapi-update" },
    codegen: { type: "string", default: fileURLToPath(new URL("../packages/codegen/src/cli.ts", import.meta.url)) },
    /** Programs as JSON lists of words. */
    test: { type: "string", default: '["npm","test"]' },
    gh: { type: "string", default: '["gh"]' },
    /** Folder to leave the tested commit in; nothing leaves this machine. */
    prepare: { type: "string" },
    /** Folder that a run with `--prepare` left: becomes the pull request, and none of its code is run. */
    publish: { type: "string" },
  },
});

const words = (text: string): [string, ...string[]] => JSON.parse(text) as [string, ...string[]];

const options: UpdateOptions = {
  root: values.root,
  upstream: {
    repository: values.repository,
    ref: values.ref,
    apiUrl: values["api-url"],
    token: process.env.GH_TOKEN,
  },
  archiveUrl: values["archive-url"],
  remote: values.remote,
  base: values.base,
  branch: values.branch,
  commands: { codegen: [process.execPath, values.codegen], test: words(values.test), gh: words(values.gh) },
  log: (line) => console.log(line),
};
if (values.prepare !== undefined) {
  await writeHandOff(values.root, values.prepare, await prepareUpdate(options));
} else if (values.publish !== undefined) {
  const { testsPassed } = await publishUpdate(options, await readHandOff(values.root, values.publish));
  if (testsPassed === false) process.exitCode = 1;
} else {
  const { testsPassed } = await updateOpenapi(options);
  if (testsPassed === false) process.exitCode = 1;
}
