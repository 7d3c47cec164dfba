import { readFileSync } from "node:fs";

/** One fenced block of a document. */
export interface Block {
  readonly language: string;
  /** Number of the block's first line, as an editor shows it. */
  readonly line: number;
  readonly text: string;
}

export function blocksOf(path: string): Block[] {
  const document = readFileSync(path, "utf8");
  return [...document.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1]!,
    line: document.slice(0, match.index).split("\n").length,
    text: match[2]!,
  }));
}

/** Words as a shell reads them: quotes, variables, and a backslash at the end of a line. */
function wordsOf(command: string, variables: Readonly<Record<string, string>>): string[] {
  const word = /(?:'[^']*'|"[^"]*"|[^\s'"])+/g;
  const expand = (text: string): string => text.replaceAll(/\$(\w+)/g, (_all, name: string) => variables[name] ?? "");
  const part = /'([^']*)'|"([^"]*)"|([^'"]+)/g;
  return (command.replaceAll(/\\\n/g, " ").match(word) ?? []).map((text) =>
    [...text.matchAll(part)].map(([, single, double, bare]) => single ?? expand(double ?? bare ?? "")).join(""),
  );
}

/** Request that a `curl` command of a document sends. */
export function curlsOf(text: string, variables: Readonly<Record<string, string>>): Request[] {
  return [...text.matchAll(/^curl [^\n]*(?:\n(?!curl|\w+=)[^\n]+)*/gm)].map(([command]) => {
    const [, ...words] = wordsOf(command.split(/ [>|] /)[0]!, variables);
    const headers = new Headers();
    let body: string | undefined;
    let url = "";
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      if (word === "-H")
        headers.append(
          ...(words
            .shift()!
            .split(/: (.*)/s)
            .slice(0, 2) as [string, string]),
        );
      else if (word === "-d") body = words.shift()!;
      else if (word.startsWith("-")) throw new Error(`the test knows -H and -d of curl, not ${word}`);
      else url = word;
    }
    return new Request(url, body === undefined ? { headers } : { method: "POST", headers, body });
  });
}
