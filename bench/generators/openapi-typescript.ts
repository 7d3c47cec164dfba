import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { runGenerator } from "./run-generator.ts";

/** By default it asks the caller for every property that has a default value. */
const OPTIONS = { defaultNonNullable: false };

await runGenerator(async (file, target) => {
  writeFileSync(`${target}.d.ts`, astToString(await openapiTS(pathToFileURL(file), OPTIONS)));
});
