import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { runGenerator } from "./run-generator.ts";

/** The default would require every property that has a default value. */
const OPTIONS = { defaultNonNullable: false };

await runGenerator(async (file, target) => {
  writeFileSync(`${target}.d.ts`, astToString(await openapiTS(pathToFileURL(file), OPTIONS)));
});
