import { resolve } from "node:path";
import { didYouMean } from "@ghl-edge/core";
import { UsageError } from "../errors.ts";
import { loadOperations } from "../output/generate/load-operations.ts";
import { importText, type OperationEntry } from "../output/operations/entry.ts";
import { groupByRoute, namesOf, searchOperations } from "../output/operations/search.ts";
import { acceptedTokenTypes } from "../scopes/report.ts";
import { writeOutput } from "../write-output.ts";
import { type Command, EXIT, textFlag } from "./command.ts";
import { routeText } from "./find-text.ts";

/** Routes that are shown unless `--all` says otherwise. */
const SHOWN = 10;

export const findCommand: Command = {
  name: "find",
  summary: "find an operation by path, name or words: its method, import, call, scopes and tokens",
  usage: ['"<METHOD> <path>"', "<operationId, method, or name in the official SDK>", "<words>…"],
  allowPositionals: true,
  options: {
    api: { type: "string", value: "v2|v3", help: "only this generation" },
    all: { type: "boolean", help: `every match; default: the first ${SHOWN} routes` },
    openapi: {
      type: "string",
      value: "folder",
      help: "distilled documents; default: openapi, else the table of this package",
    },
    out: { type: "string", value: "file", help: "write there instead of to standard output" },
    json: { type: "boolean", help: "every match as JSON; without a query every operation" },
  },
  examples: [
    ['find "POST /conversations/messages"', "by method and path, also with real ids in it"],
    ["find contacts.getContact", "by a name: ours, the operationId, or the official SDK's"],
    ["find send message", "by words"],
  ],
  found: "nothing matches",
  async run(flags, io, positionals) {
    const api = textFlag(flags, "api");
    if (api !== undefined && api !== "v2" && api !== "v3") throw new UsageError(`--api must be v2 or v3, got "${api}"`);
    const query = positionals.join(" ");
    if (query === "" && flags.json !== true)
      throw new UsageError('name a path, a name or words: ghl-codegen find "send message"');
    const operations = loadOperations(io.cwd, textFlag(flags, "openapi")).filter(
      (entry) => api === undefined || entry.api === api,
    );
    const found = query === "" ? operations : (searchOperations(operations, query)?.operations ?? []);
    if (found.length === 0) io.err(`nothing matches "${query}"${didYouMean(query, operations.flatMap(namesOf))}\n`);
    const text = flags.json === true ? toJson(found) : toText(found, flags.all === true);
    const out = textFlag(flags, "out");
    if (out === undefined) io.out(text);
    else await writeOutput(resolve(io.cwd, out), text);
    return found.length === 0 ? EXIT.found : EXIT.done;
  },
};

function toText(found: readonly OperationEntry[], all: boolean): string {
  const groups = groupByRoute(found);
  const shown = all ? groups : groups.slice(0, SHOWN);
  const more = groups.length - shown.length;
  const rest = more === 0 ? "" : `\nand ${more} more; --all shows them, another word narrows the search\n`;
  return shown.map(routeText).join("\n") + rest;
}

function toJson(found: readonly OperationEntry[]): string {
  const rows = found.map((entry) => ({
    ...entry,
    import: importText(entry),
    acceptedTokenTypes: acceptedTokenTypes(entry.tokens),
  }));
  // one operation a line: the table is long, and its differences are read
  return rows.length === 0 ? "[]\n" : `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
}
