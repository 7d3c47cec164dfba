/**
 * Child program: an editor's language service on one app. For each `{ before, letters }` line on standard input it types the
 * letters one by one at the app's `// typing` line and requests the completion list after each. It prints the CPU milliseconds
 * per keystroke and the number of entries as a JSON line.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import ts from "typescript";

/** An app in an editor. */
interface Editor {
  /** Types at the app's `// typing` line and returns the number of entries of the completion list. */
  complete(typed: string): number;
}

function openEditor(configFile: string): Editor {
  const folder = dirname(configFile);
  const config = ts.readConfigFile(configFile, ts.sys.readFile).config;
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const app = fileNames[0]!;
  const source = readFileSync(app, "utf8");
  const caret = source.indexOf("// typing");
  let text = source;
  let version = 0;

  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getScriptFileNames: () => fileNames,
      getScriptVersion: (file) => (file === app ? String(version) : "0"),
      getScriptSnapshot: (file) => {
        const content = file === app ? text : ts.sys.readFile(file);
        return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
    },
    ts.createDocumentRegistry(),
  );

  return {
    complete(typed) {
      const head = source.slice(0, caret) + typed;
      text = `${head}${source.slice(caret)}`;
      version++;
      const completions = { includeCompletionsForModuleExports: false };
      return service.getCompletionsAtPosition(app, head.length, completions)?.entries.length ?? 0;
    },
  };
}

/** CPU time of the main thread's work, garbage collection of other threads included. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const editor = openEditor(process.argv[2]!);
for await (const line of createInterface({ input: process.stdin })) {
  const { before, letters } = JSON.parse(line) as { before: string; letters: string };
  const perKeystrokeMs: number[] = [];
  let entries = 0;
  for (let typed = 1; typed <= letters.length; typed++) {
    const startMs = cpuMs();
    entries = editor.complete(before + letters.slice(0, typed));
    perKeystrokeMs.push(cpuMs() - startMs);
  }
  console.log(JSON.stringify({ perKeystrokeMs, entries }));
}
