import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UnreadableFileError, UsageError } from "../errors.ts";
import { type Observation, parseEvidence } from "../input/evidence/evidence.ts";
import { printEvidence } from "../input/evidence/print.ts";
import { parseJson } from "../input/load/parse.ts";
import type { Recording } from "../input/observe/exchange.ts";
import { API_HOST, addObservation, type Observed, observe } from "../input/observe/observe.ts";
import { readRecording } from "../input/observe/read-recording.ts";
import { byCodeUnit } from "../json/json.ts";
import { loadOperations } from "../output/generate/load-operations.ts";
import { packagedFolder } from "../packaged.ts";
import { writeOutput } from "../write-output.ts";
import { type Command, type CommandIo, EXIT, textFlag, textFlags } from "./command.ts";

export const observeCommand: Command = {
  name: "observe",
  summary: "make evidence of recorded exchanges with the live API: shapes, never values",
  usage: ["<files…> [--out <file or folder>]"],
  allowPositionals: true,
  options: {
    out: {
      type: "string",
      value: "file or folder",
      help: "add to this evidence file, or to one file per module in this folder; default: standard output",
    },
    source: { type: "string", value: "text", help: 'who saw it, as the evidence says; default: "recorded exchanges"' },
    host: { type: "string", value: "host", multiple: true, help: `a host to take exchanges of, besides ${API_HOST}` },
    openapi: {
      type: "string",
      value: "folder",
      help: "distilled documents, to identify operations; default: as for find",
    },
    json: { type: "boolean", help: "what was taken and left, as JSON" },
  },
  examples: [
    ["observe session.har --out openapi/evidence", "a HAR file, as a browser or a proxy saves it"],
    ["observe calls.jsonl --out evidence.json", "JSON lines, all modules in one file"],
    ["observe calls.jsonl --host gateway.example", "calls through a gateway of your own, to look at"],
  ],
  found: "no exchange became evidence",
  notes: `It reads HAR files, JSON lines, or a JSON array of { method, url, status, request, response }, where version and date may stand
beside them. Only successes count. Names of members that look like ids, e-mail addresses, phone numbers or days are
folded into ".*"; a map's key that is a plain word looks like a field's name, so read the result before you share it.
The gateway's log has no bodies on purpose: its lines are counted and give no shape.`,
  async run(flags, io, positionals) {
    if (positionals.length === 0) throw new UsageError("name files to read: ghl-codegen observe <files…>");
    const recordings = await Promise.all(positionals.map((file) => readFileOf(file, io)));
    const observed = observe(
      recordings.flatMap(({ exchanges }) => exchanges),
      {
        operations: loadOperations(io.cwd, textFlag(flags, "openapi")),
        hosts: [API_HOST, ...textFlags(flags, "host")],
        source: textFlag(flags, "source") ?? "recorded exchanges",
      },
    );
    const out = textFlag(flags, "out");
    if (observed.taken > 0) await writeEvidence(observed, out, io);
    const logLines = recordings.reduce((sum, recording) => sum + recording.logLines, 0);
    const { taken, left } = observed;
    // evidence on standard output must stay evidence
    const print = flags.json === true && out !== undefined ? io.out : io.err;
    print(flags.json === true ? `${JSON.stringify({ taken, left, logLines })}\n` : summaryText(observed, logLines));
    return taken === 0 ? EXIT.found : EXIT.done;
  },
};

async function readFileOf(file: string, io: CommandIo): Promise<Recording> {
  const bytes = await readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
    throw new UnreadableFileError("cannot be read", { file }, { cause });
  });
  return readRecording(bytes, file);
}

function summaryText({ taken, left }: Observed, logLines: number): string {
  const parts = [
    `${taken} exchanges taken`,
    ...(left.host > 0 ? [`${left.host} with another host (--host names it)`] : []),
    ...(left.route > 0 ? [`${left.route} with a route that no document has`] : []),
    ...(left.status > 0 ? [`${left.status} without success`] : []),
    ...(logLines > 0 ? [`${logLines} lines of a gateway's log, which has no bodies`] : []),
  ];
  return `${parts.join(", ")}\n`;
}

async function writeEvidence({ byModule }: Observed, out: string | undefined, io: CommandIo): Promise<void> {
  if (out === undefined) {
    io.out(printEvidence(sorted([...byModule.values()].flat())));
    return;
  }
  const target = resolve(io.cwd, out);
  const files = out.endsWith(".json")
    ? [{ file: target, base: target, added: [...byModule.values()].flat() }]
    : [...byModule].map(([module, added]) => {
        const name = `${module}.json`;
        // a module's own file stands for all that is known of it, so it begins with what this package brings along
        const base = existsSync(join(target, name)) ? join(target, name) : join(packagedFolder(), "evidence", name);
        return { file: join(target, name), base, added };
      });
  // every file is read before the first is written
  const texts = await Promise.all(
    files.map(async ({ file, base, added }) => [file, await mergedText(base, added)] as const),
  );
  for (const [file, text] of texts) await writeOutput(file, text);
}

/** The observations of a file, where it is there, with those that are added. */
async function mergedText(file: string, added: readonly Observation[]): Promise<string> {
  const observations = existsSync(file) ? parseEvidence(parseJson(await readFile(file), file), file) : [];
  for (const observation of added) addObservation(observations, observation);
  return printEvidence(sorted(observations));
}

function sorted(observations: readonly Observation[]): Observation[] {
  return [...observations].sort((a, b) => byCodeUnit(a.operation, b.operation));
}
