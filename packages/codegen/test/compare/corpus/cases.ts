import { ANSWERS } from "./answers.ts";
import { BODIES } from "./bodies.ts";
import type { Case } from "./case.ts";
import { OPERATIONS } from "./operations.ts";
import { PARAMETERS } from "./parameters.ts";

const ROWS = [...OPERATIONS, ...PARAMETERS, ...BODIES, ...ANSWERS];

export const CASES: readonly Case[] = ROWS.map(([name, at, there, back, change]) => ({
  name,
  at,
  there: there.split(" ") as unknown as Case["there"],
  back: back.split(" ") as unknown as Case["back"],
  change,
}));
