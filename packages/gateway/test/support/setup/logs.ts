import { beforeEach, onTestFailed } from "vitest";

/**
 * The gateway's log of a test that failed, and of no other. Vitest would send every line to its own process as it comes,
 * and fails a file whose objects still write one after its last test.
 */
let lines: string[] = [];

const write = console.log.bind(console);
console.log = (...values: unknown[]): void => {
  lines.push(values.map(String).join(" "));
};

beforeEach(() => {
  lines = [];
  onTestFailed(() => {
    for (const line of lines) write(line);
  });
});
