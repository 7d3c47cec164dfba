/**
 * `node print.ts [<file>]`: runs the scenarios with ours, or with the client that the file exports as `createContestant`, and
 * prints what came of each as JSON.
 */
import { pathToFileURL } from "node:url";
import { createOurs } from "./ours.ts";
import { type MakeContestant, scenarios } from "./scenarios.ts";

const [file] = process.argv.slice(2);
const peer = file && ((await import(pathToFileURL(file).href)) as { createContestant: MakeContestant });
const make = peer ? peer.createContestant : createOurs;
const results = [];
for (const { what, run } of scenarios) results.push({ what, ...(await run(make)) });
console.log(JSON.stringify(results));
