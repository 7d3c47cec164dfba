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
`;

/** Packages by code, for the codes that more than one of them has. */
function sharedCodes(): ReadonlyMap<string, readonly string[]> {
  const packages = new Map<string, string[]>();
  for (const [name, entries] of Object.entries(PACKAGE_ERRORS))
    for (const code of Object.keys(entries)) packages.set(code, [...(packages.get(code) ?? []), name]);
  return new Map([...packages].filter(([, names]) => names.length > 1));
}

/** Heading of a code's entry. A code that several packages have names the package, so that each entry has an anchor of its own. */
const headingOf = (code: string, isShared: boolean, packageName: string): string =>
  isShared ? `${code} (${packageName})` : code;
/** Anchor that GitHub gives to the heading of a shared code's entry. */
const sharedAnchor = (code: string, packageName: string): string => `${code.toLowerCase()}-${packageName}`;

const linkTo = (code: string, name: string): string => `[\`@ghl-edge/${name}\`](#${sharedAnchor(code, name)})`;

function sharedIntroduction(shared: ReadonlyMap<string, readonly string[]>): string {
  const rows = [...shared]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, names]) => `| \`${code}\` | ${names.map((name) => linkTo(code, name)).join(", ")} |`);
  return `Some codes name the same failure in several packages. There \`code\` and the class of the error decide together: errors of
\`@ghl-edge/client\` extend \`GhlError\`, and those of \`@ghl-edge/oauth\` extend \`GhlOAuthError\`.

| code | packages |
|---|---|
${rows.join("\n")}

This page is made by \`pnpm errors\` and checked in CI.
`;
}

function section(heading: string, entries: Readonly<Record<string, ErrorEntry>>): string {
  const rows = Object.entries(entries)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { cause, remedy }]) => `### ${code}\n\n${cause}\n\n**What to do.** ${remedy}\n`);
  return `## ${heading}\n\n${rows.join("\n")}`;
}

/** Section of one package. An entry whose code other packages have refers to their entries. */
function packageSection(
  packageName: string,
  entries: Readonly<Record<string, ErrorEntry>>,
  shared: ReadonlyMap<string, readonly string[]>,
): string {
  const rows = Object.entries(entries).map(([code, { cause, remedy }]) => {
    const others = (shared.get(code) ?? []).filter((name) => name !== packageName);
    const reference = others.map((name) => ` ${linkTo(code, name)} has this code, too.`).join("");
    return [headingOf(code, others.length > 0, packageName), { cause: `${cause}${reference}`, remedy }];
  });
  return section(`@ghl-edge/${packageName}`, Object.fromEntries(rows));
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
  const shared = sharedCodes();
  const packages = Object.entries(PACKAGE_ERRORS).map(([name, entries]) => packageSection(name, entries, shared));
  const reports = section("The gateway's reports", GATEWAY_REPORT_CODES);
  return [INTRODUCTION, sharedIntroduction(shared), gatewaySection(problems), reports, ...packages].join("\n");
}
