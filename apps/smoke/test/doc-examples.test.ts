import { describe, expect, it } from "vitest";
import { docExamplesOf } from "../project/examples.ts";

const SOURCE = `/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * import { add } from "@ghl-edge/sums";
 *
 * if (add(1, 2) !== 3) {
 *   throw new Error();
 * }
 * \`\`\`
 */
export const add = (a: number, b: number): number => a + b;

/**
 * Stores.
 * @example In a Worker
 * \`\`\`ts
 * import { DurableObject } from "cloudflare:workers";
 * \`\`\`
 */
export class Store {}
`;

describe("an example in a doc comment", () => {
  it("an example in a doc comment is found with its position and without the comment's stars", () => {
    const [first] = docExamplesOf("sums/src", "packages/sums/src/add.ts", SOURCE);
    expect(first).toMatchObject({ position: "packages/sums/src/add.ts:4", mode: "compile", runtimes: ["node"] });
    expect(first?.code).toBe(
      'import { add } from "@ghl-edge/sums";\n\nif (add(1, 2) !== 3) {\n  throw new Error();\n}',
    );
  });

  it("an example in a doc comment is compiled with the types of Workers when it imports from them", () => {
    const [, second] = docExamplesOf("sums/src", "packages/sums/src/add.ts", SOURCE);
    expect(second).toMatchObject({
      runtimes: ["workerd"],
      code: 'import { DurableObject } from "cloudflare:workers";',
    });
  });
});
