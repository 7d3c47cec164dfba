/** README examples of the packages that promise Workers run in workerd, without `nodejs_compat`. */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Example, exampleFile } from "../project/examples.ts";
import { type StandIns, startStandIns } from "../project/stand-ins.ts";
import { type Script, startWorkers, type Workers } from "../project/workers.ts";

const project = inject("project");
const examples = inject("examples").filter(({ mode, runtimes }) => mode === "run" && runtimes.includes("workerd"));
const nameOf = ({ owner, index }: Example): string => `${owner}-${index}`;

/**
 * A Worker may not do I/O while it starts, so that an example that is a script becomes the body of a request handler. An example
 * that is a module is imported unchanged. A default export that is a Worker gets one request, an unsigned webhook.
 */
function workerOf(example: Example): Script {
  const { code } = example;
  const file = exampleFile(example).replace(/\.ts$/, ".worker.ts");
  const isModule = /^export /m.test(code);
  const imports = code.match(/^import [^;]*;$/gm) ?? [];
  const body = code.replace(/^import [^;]*;$/gm, "");
  const contents = isModule
    ? `import * as example from "./${example.index}.ts";`
    : `${imports.join("\n")}\nconst example = {};\nasync function script() {\n${body}\n}`;
  const wrapper = `
    export default {
      async fetch() {
        const said = [];
        const platformLog = console.log;
        console.log = (...values) => said.push(values.map(String).join(" "));
        try {
          ${isModule ? "" : "await script();"}
          const worker = example.default;
          const payload = JSON.stringify({ type: "ContactCreate", locationId: "L1" });
          const webhook = new Request("https://you.example/webhooks", { method: "POST", body: payload });
          const answer = worker?.fetch && await worker.fetch(webhook);
          return Response.json({ said, answered: answer?.status, process: typeof process, Buffer: typeof Buffer });
        } catch (error) {
          return new Response(String(error.stack), { status: 500 });
        } finally {
          console.log = platformLog;
        }
      },
    };`;
  return { name: nameOf(example), file, contents: contents + wrapper };
}

let standIns: StandIns;
let workers: Workers;
beforeAll(async () => {
  standIns = await startStandIns(project);
  workers = await startWorkers(project, examples.map(workerOf), async (request) =>
    new URL(request.url).origin in standIns.origins ? standIns.answer(request) : undefined,
  );
});
afterAll(async () => {
  await workers?.close();
  await standIns?.close();
});

describe("workerd without nodejs_compat", () => {
  it.each(examples)("the example at $position runs in workerd without nodejs_compat", async (example) => {
    const before = standIns.log().length;
    const { status, text } = await workers.fetch(nameOf(example), "http://worker.example/");
    expect({ status, text: status === 200 ? "" : text }).toEqual({ status: 200, text: "" });
    const { said, answered, ...globals } = JSON.parse(text) as {
      said: string[];
      answered?: number;
      process: string;
      Buffer: string;
    };
    expect(globals).toEqual({ process: "undefined", Buffer: "undefined" });
    if (/^export default/m.test(example.code)) expect(answered).toBe(401);
    else if (!/^export /m.test(example.code) && example.code.includes("console.log(")) expect(said).not.toEqual([]);
    for (const line of standIns.log().slice(before)) expect(line).toMatch(/ 20[01]$/);
    expect(workers.refused).toEqual([]);
  });
});
