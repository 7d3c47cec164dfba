import { join } from "node:path";
import { type Context, distilled, WORK } from "../lib/context.ts";
import { type Generator, generate } from "../lib/generate.ts";
import { freshCheckout, generateIn, isBuilt } from "../peers/ghl-codegen.ts";
import { interleave } from "../report/interleave.ts";
import type { Row, Target } from "../report/row.ts";
import { median, pairedRatio } from "../report/statistics.ts";

const SECTION = "Generator, all distilled documents";
const COLD = "generate, cold";
const AGAIN = "generate again, nothing changed";
const CHECKOUT = join(WORK, "codegen/ours");

const atMost = (value: number): Target => ({ of: "ratio", bound: "at most", value });

/**
 * Wall time of a fresh process from its start to its end. Ours writes types, named methods, metadata, routes, emulator data
 * and webhook types; the peers their own kind of output, each with its defaults.
 */
export async function codegen({ short, log }: Context): Promise<Row[]> {
  const documents = distilled("v2", "v3");
  const refused = new Map<string, number>();
  const peer = (generator: Generator, rounds: number) => ({
    name: generator,
    rounds,
    sample: async () => {
      const { failed, wallMs } = await generate(generator, join(WORK, "codegen", generator), documents);
      refused.set(generator, failed.length);
      return wallMs;
    },
  });
  const rounds = short ? 1 : 7;
  const ours = [
    {
      name: COLD,
      sample: async () => {
        freshCheckout(CHECKOUT);
        return (await generateIn(CHECKOUT)).wallMs;
      },
    },
    { name: AGAIN, sample: async () => (await generateIn(CHECKOUT)).wallMs },
  ];
  log(`codegen: ${documents.length} documents, ${rounds} rounds`);
  const samples = await interleave(
    [...(isBuilt() ? ours : []), peer("openapi-typescript", rounds), peer("hey-api", rounds), peer("orval", rounds)],
    rounds,
  );
  const row = (what: string, name: Generator, target?: Target): Row => {
    const mine = samples.get(what);
    const theirs = samples.get(name)!;
    return {
      section: SECTION,
      what,
      unit: "ms",
      peer: name === "openapi-typescript" ? "openapi-typescript alone" : name,
      theirs: median(theirs),
      ...(mine !== undefined && { ours: median(mine), ratio: pairedRatio(mine, theirs) }),
      ...(target !== undefined && { target }),
      ...(refused.get(name) !== 0 && { note: `peer refused ${refused.get(name)} of ${documents.length}` }),
    };
  };
  return [
    row(COLD, "openapi-typescript", atMost(1.3)),
    row(COLD, "hey-api"),
    row(COLD, "orval"),
    row(AGAIN, "openapi-typescript", atMost(0.1)),
  ];
}
