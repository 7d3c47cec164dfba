import { resolve } from "node:path";
import { type Command, type FlagValues, textFlag, textFlags } from "../command.ts";
import { UsageError } from "../errors.ts";
import { findScopes } from "../scopes/find.ts";
import { reportText } from "../scopes/text.ts";

const HELP = `ghl-codegen scopes: the scopes an app must request

Usage: ghl-codegen scopes [--operation <name>]… [--module <name>]… [--event <name>]… [--source <path>]…

Options:
  --operation <name>  v3.contacts.getContact; the generation may be left out
  --module <name>     v3/contacts: every operation of it
  --event <name>      ContactCreate: a webhook event to receive
  --source <path>     file, folder or glob of an app's source: the calls in it
  --api <v2|v3>       generation meant where a name says none, and by plain requests; default: v3
  --openapi <folder>  distilled documents; default: openapi, else the installed @ghl-edge/client
  --strict            exit 1 when something is unknown
  --json              the result as JSON

What the documents do not say is listed as unknown, never guessed.
`;

export const scopesCommand: Command = {
  help: HELP,
  options: {
    operation: { type: "string", multiple: true },
    module: { type: "string", multiple: true },
    event: { type: "string", multiple: true },
    source: { type: "string", multiple: true },
    api: { type: "string" },
    openapi: { type: "string" },
    strict: { type: "boolean" },
    json: { type: "boolean" },
  },
  // an unquoted glob arrives as one value and a row of arguments
  allowPositionals: true,
  run: async (flags, io, positionals) => {
    const wanted = readWanted(flags, positionals);
    const report = await findScopes(wanted, resolve(io.cwd), textFlag(flags, "openapi"));
    io.out(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return flags.strict === true && report.unknown.length > 0 ? 1 : 0;
  },
};

function readWanted(flags: FlagValues, positionals: readonly string[]) {
  const sources = textFlags(flags, "source");
  if (positionals.length > 0 && sources.length === 0) throw new UsageError("files are named with --source");
  const wanted = {
    operations: textFlags(flags, "operation"),
    modules: textFlags(flags, "module"),
    events: textFlags(flags, "event"),
    sources: [...sources, ...positionals],
    api: textFlag(flags, "api") ?? "v3",
  };
  if (wanted.operations.length + wanted.modules.length + wanted.events.length + wanted.sources.length === 0) {
    throw new UsageError("name an --operation, a --module, an --event or a --source");
  }
  return wanted;
}
