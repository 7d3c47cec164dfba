import { createClient } from "@hey-api/openapi-ts";
import { runGenerator } from "./run-generator.ts";

await runGenerator(async (file, target) => {
  await createClient({
    input: file,
    output: { path: target },
    plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
    logs: { level: "silent", file: false },
  });
});
