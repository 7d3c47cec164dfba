import { expect, it } from "vitest";
import { numberProblem } from "../../src/index.ts";

it.each([
  [1, { min: 1 }, undefined],
  [0, { min: 0, exclusiveMin: true }, "timeoutMs must be a number above 0, got 0"],
  [Number.NaN, {}, "timeoutMs must be a number, got NaN"],
  ["5", { min: 1 }, 'timeoutMs must be a number of at least 1, got "5"'],
  [1.5, { integer: true }, "timeoutMs must be an integer, got 1.5"],
  [-1, { min: 0, max: 9 }, "timeoutMs must be a number of at least 0 and at most 9, got -1"],
  [Number.POSITIVE_INFINITY, { min: 0 }, "timeoutMs must be a number of at least 0, got Infinity"],
  [Number.POSITIVE_INFINITY, { min: 0, max: Number.POSITIVE_INFINITY }, undefined],
  [null, {}, "timeoutMs must be a number, got null"],
  [[], {}, "timeoutMs must be a number, got an empty array"],
  [{}, {}, "timeoutMs must be a number, got a value of type object"],
])("a number option of %j is checked against %j", (value, demand, problem) => {
  expect(numberProblem("timeoutMs", value, demand)).toBe(problem);
});
