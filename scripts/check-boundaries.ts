/** Exits 1 when a file breaks a rule (R0–R10 of docs/design/architecture.md) or the size limit. */
import { fileURLToPath } from "node:url";
import { checkCircles } from "./circles.ts";
import { tooManyParameters } from "./parameters.ts";
import { checkFiles, isGenerated } from "./rules.ts";
import { readSourceFiles } from "./source-files.ts";

const files = readSourceFiles(fileURLToPath(new URL("..", import.meta.url)));
const parameters = files
  .filter(({ path }) => !isGenerated(path))
  .flatMap(({ path, text }) => tooManyParameters(path, text));
const findings = [...checkCircles(files), ...parameters, ...checkFiles(files)];
for (const { rule, path, line, message } of findings) console.error(`${rule} ${path}:${line} ${message}`);
console.log(`${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
