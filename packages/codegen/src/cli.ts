import { type CommandIo, EXIT } from "./commands/command.ts";
import { main } from "./main.ts";

// a reader that has seen enough (`ghl-codegen lint | head`) is no failure
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const io: CommandIo = {
  cwd: process.cwd(),
  env: process.env,
  isTty: process.stderr.isTTY === true,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

// a mistake of ours is no finding either: Node would end with 1
process.exitCode = await main(process.argv.slice(2), io).catch((error: unknown) => {
  console.error(error);
  return EXIT.trouble;
});
