import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VIRTUAL = "virtual:answer-files";
const generated = fileURLToPath(new URL("src/generated", import.meta.url));

/**
 * Makes the table of generated answer files, `"v3/contacts" → () => import(…)`, from what lies in the folder, so that a
 * new module needs no second list. Used by the build and by the tests.
 */
export function answerFiles() {
  return {
    name: "answer-files",
    resolveId: (id: string): string | undefined => (id === VIRTUAL ? `\0${VIRTUAL}` : undefined),
    load: (id: string): string | undefined => {
      if (id !== `\0${VIRTUAL}`) return undefined;
      const rows = ["v2", "v3"].flatMap((api) =>
        readdirSync(`${generated}/${api}`)
          .filter((file) => file.endsWith(".gen.json"))
          .sort()
          .map((file) => {
            const key = JSON.stringify(`${api}/${file.slice(0, -".gen.json".length)}`);
            return `${key}: () => import(${JSON.stringify(`${generated}/${api}/${file}`)}).then((m) => m.default),`;
          }),
      );
      return `export const answerFiles = {\n${rows.join("\n")}\n};\n`;
    },
  };
}
