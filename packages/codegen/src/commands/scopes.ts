import { resolve } from "node:path";
import { didYouMean } from "@ghl-edge/core";
import { UsageError } from "../errors.ts";
import { findScopes } from "../scopes/find.ts";
import { reportText } from "../scopes/text.ts";
import { type Command, EXIT, type FlagValues, textFlag, textFlags } from "./command.ts";

const APIS = ["v2", "v3"];

export const scopesCommand: Command = {
  name: "scopes",
  summary: "list which scopes and token types operations, modules or an app's sources need",
  usage: ["[--operation <name>]… [--module <name>]… [--event <name>]… [--source <path>]…"],
  options: {
    operation: { type: "string", value: "name", multiple: true, help: "v3.contacts.getContact, contacts.getContact" },
    module: { type: "string", value: "name", multiple: true, help: "v3/contacts: every operation of it" },
    event: { type: "string", value: "name", multiple: true, help: "ContactCreate: a webhook event to receive" },
    source: { type: "string", value: "path", multiple: true, help: "file, folder or glob of an app's source" },
    granted: {
      type: "string",
      value: "scopes",
      multiple: true,
      help: "scopes that the app has, separated by spaces or commas: list those that are missing",
    },
    api: { type: "string", value: "v2|v3", help: "generation meant where a name says none; default: v3" },
    openapi: {
      type: "string",
      value: "folder",
      help: "distilled documents; default: openapi, else the installed @ghl-edge/client",
    },
    strict: { type: "boolean", help: "exit 1 also when something is unknown" },
    json: { type: "boolean", help: "the result as JSON" },
  },
  examples: [
    ["scopes --source src --event ContactCreate", "what an app and an event need"],
    ["scopes --operation contacts.getContact", "what one operation needs"],
    ['scopes --source src --granted "contacts.readonly"', "does the app have what its calls need?"],
  ],
  found: "--granted: a scope is missing; --strict: something is unknown",
  notes: "What the documents do not say is listed as unknown, never guessed.",
  // an unquoted glob arrives as one value and a row of arguments
  allowPositionals: true,
  run: async (flags, io, positionals) => {
    const query = readQuery(flags, positionals);
    const report = await findScopes(query, resolve(io.cwd), textFlag(flags, "openapi"));
    io.out(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    const isUnknown = flags.strict === true && report.unknown.length > 0;
    return isUnknown || (report.missing ?? []).length > 0 ? EXIT.found : EXIT.done;
  },
};

function readQuery(flags: FlagValues, positionals: readonly string[]) {
  const sources = textFlags(flags, "source");
  if (positionals.length > 0 && sources.length === 0) throw new UsageError("files are named with --source");
  const api = textFlag(flags, "api") ?? "v3";
  if (!APIS.includes(api)) throw new UsageError(`--api must be v2 or v3, got "${api}"${didYouMean(api, APIS)}`);
  const query = {
    operations: textFlags(flags, "operation"),
    modules: textFlags(flags, "module"),
    events: textFlags(flags, "event"),
    sources: [...sources, ...positionals],
    api,
    granted:
      flags.granted === undefined
        ? undefined
        : textFlags(flags, "granted").flatMap((scopes) => scopes.split(/[\s,]+/).filter(Boolean)),
  };
  if (query.operations.length + query.modules.length + query.events.length + query.sources.length === 0) {
    throw new UsageError("name an --operation, a --module, an --event or a --source");
  }
  return query;
}
