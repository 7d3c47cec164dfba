import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { runGenerator } from "./run-generator.ts";

await runGenerator(async (file, target) => {
  writeFileSync(`${target}.d.ts`, astToString(await openapiTS(pathToFileURL(file))));
});
