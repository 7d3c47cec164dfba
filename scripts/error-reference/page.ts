import type { ErrorEntry } from "./entry.ts";
import { GATEWAY_REPORT_CODES } from "./packages/gateway.ts";
import { PACKAGE_ERRORS } from "./packages.ts";

/** A row of the gateway's table of problems, as far as the page shows it. */
export interface GatewayProblem extends ErrorEntry {
  readonly status: number;
  readonly title: string;
}

const INTRODUCTION = `# Errors

Every error of ghl-edge has a stable \`code\`. Decide by it: messages may change. The gateway and the handlers answer with problem details
([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)); the \`type\` of each is the address of its entry here.

This page is made by \`pnpm errors\` and checked in CI.
`;

function section(heading: string, entries: Readonly<Record<string, ErrorEntry>>): string {
  const rows = Object.entries(entries)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { cause, remedy }]) => `### ${code}\n\n${cause}\n\n**What to do.** ${remedy}\n`);
  return `## ${heading}\n\n${rows.join("\n")}`;
}

function gatewaySection(problems: Readonly<Record<string, GatewayProblem>>): string {
  const rows = Object.entries(problems).map(
    ([kind, { status, title, cause, remedy }]) =>
      `### ERR_GHL_GATEWAY_${kind.toUpperCase()}\n\n${status} · ${title}. ${cause}\n\n**What to do.** ${remedy}\n`,
  );
  return `## The gateway\n\n${rows.join("\n")}`;
}

/** The error reference as Markdown. */
export function errorReference(problems: Readonly<Record<string, GatewayProblem>>): string {
  const packages = Object.entries(PACKAGE_ERRORS).map(([name, entries]) => section(`@ghl-edge/${name}`, entries));
  const reports = section("The gateway's reports", GATEWAY_REPORT_CODES);
  return [INTRODUCTION, gatewaySection(problems), reports, ...packages].join("\n");
}
