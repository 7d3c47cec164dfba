/** JSON report of one vitest run. */
export interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: TestFile[];
}

/** One test file of a report. */
interface TestFile {
  status: string;
  /** Absolute path. */
  name: string;
  /** Reason for a file that could not be run at all. */
  message?: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
}

/** Limit for the text of one failure. The stack of the test itself comes first. */
const MAX_FAILURE_CHARS = 1_500;

/**
 * Returns a text for each failure of a report: file, test and message. CI repeats them at the end of its output, because those of a lane are
 * thousands of lines above.
 */
export function failuresOf({ testResults }: TestReport, root: string): string[] {
  return testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, message = "", assertionResults }) => {
      const path = name.replace(root, "");
      const failed = assertionResults.filter(({ status }) => status === "failed");
      if (failed.length === 0) return [`✗ ${path}\n${message.slice(0, MAX_FAILURE_CHARS)}`];
      return failed.map(
        ({ fullName, failureMessages = [] }) =>
          `✗ ${path} > ${fullName}\n${failureMessages.join("\n").slice(0, MAX_FAILURE_CHARS)}`,
      );
    });
}
