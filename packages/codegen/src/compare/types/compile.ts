import ts from "typescript";

/** A complaint of the compiler. */
export interface Complaint {
  readonly file: string;
  /** Line number, from 0. */
  readonly line: number;
  readonly code: number;
  readonly message: string;
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts"],
  types: [],
};

/** Compiles files in memory and returns the errors in the named ones. */
export function compile(files: ReadonlyMap<string, string>, named: readonly string[]): Complaint[] {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || (!path.startsWith(VIRTUAL) && fileExists(path));
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.directoryExists = (path) => path.startsWith("/");
  host.getSourceFile = (path, target, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram({ rootNames: [...files.keys()], options: OPTIONS, host });
  return named.flatMap((name) => {
    const source = program.getSourceFile(name);
    if (source === undefined) return [];
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, code, messageText }) => ({
      file: name,
      line: source.getLineAndCharacterOfPosition(start).line,
      code,
      message: innermost(messageText),
    }));
  });
}

/** Folder of files that are on no disk. */
export const VIRTUAL = "/ghl-codegen-diff";

/** TypeScript's "Types of property '…' are incompatible" and "The types of '…' are incompatible between these types". */
const PROPERTY_CODES = [2326, 2200];

/** The last of a chain of messages says what is wrong; those before it, in which field. */
function innermost(message: string | ts.DiagnosticMessageChain): string {
  const path: string[] = [];
  let current = message;
  while (typeof current !== "string") {
    const name = PROPERTY_CODES.includes(current.code) ? /'([^']+)'/.exec(current.messageText)?.[1] : undefined;
    if (name !== undefined) path.push(name);
    current = current.next?.[0] ?? current.messageText;
  }
  return path.length === 0 ? current : `${path.join(".")}: ${current}`;
}
