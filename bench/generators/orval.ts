import { generate } from "orval";
import { runGenerator } from "./run-generator.ts";

await runGenerator(async (file, target) => {
  await generate({
    input: { target: file, unsafeDisableValidation: true, parserOptions: { externalRefs: { allow: ["*"] } } },
    output: { target: `${target}.ts`, client: "fetch", mode: "single", clean: false },
  });
});
