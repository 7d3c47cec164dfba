/** `pnpm errors [--check]`: writes docs/errors.md from the tables of all packages, or says what is not up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { codesByPackage, missingEntries } from "./error-reference/codes.ts";
import { GATEWAY_REPORT_CODES } from "./error-reference/packages/gateway.ts";
import { PACKAGE_ERRORS } from "./error-reference/packages.ts";
import { errorReference, type GatewayProblem } from "./error-reference/page.ts";
import { readSourceFiles } from "./source-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = `${root}docs/errors.md`;
/** Read as data: the table imports nothing. */
const table = pathToFileURL(`${root}packages/gateway/src/platform/problems.ts`).href;
const { PROBLEMS, codeOf } = (await import(table)) as {
  readonly PROBLEMS: Readonly<Record<string, GatewayProblem>>;
  readonly codeOf: (kind: string) => string;
};

const named = new Map(codesByPackage(readSourceFiles(root)));
const refusals = Object.keys(PROBLEMS).map(codeOf);
named.set("gateway", new Set([...(named.get("gateway") ?? []), ...refusals]));
const gateway = { ...GATEWAY_REPORT_CODES, ...Object.fromEntries(refusals.map((code) => [code, true])) };
const findings = missingEntries(named, { ...PACKAGE_ERRORS, gateway });

const text = errorReference(PROBLEMS);
if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) findings.push("docs/errors.md is not up to date: run pnpm errors");

for (const finding of findings) console.error(finding);
process.exitCode = findings.length === 0 ? 0 : 1;
