// What running the repository's own tests on a tree tells, whoever ran them.

export interface TestResult {
  readonly status: "passed" | "failed" | "skipped";
  /** Of a failure: its message without the stack. */
  readonly message: string;
}

export interface TestReport {
  /** `exit-code`: the runner is not one we get a machine report from, or it ended before it had written one. */
  readonly countedBy: "ids" | "exit-code";
  /** By test id; empty when counted by exit code. */
  readonly tests: ReadonlyMap<string, TestResult>;
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly timedOut: boolean;
  /** The runner's name, or why ids could not be counted. */
  readonly how: string;
}

export interface TestRunner {
  /** Fresh copy, fresh process, no network. */
  run(on: "base" | "head"): Promise<TestReport>;
}
