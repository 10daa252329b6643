// What running the repository's own tests on a tree tells, whoever ran them.

export interface TestResult {
  readonly status: "passed" | "failed" | "skipped";
  /** Of a failure: its message without the stack. */
  readonly message: string;
  /** Where the runner names it: relative to the tree. */
  readonly file?: string;
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
  readonly durationMs?: number;
  /** How the commands beside the runners ended (builds, linters): exit codes by their texts. */
  readonly commands?: ReadonlyMap<string, number>;
  /** The runner's name, or why ids could not be counted. */
  readonly how: string;
}

/**
 * Base; head with base's versions of everything that belongs to the tests and their runner; head as it stands. The
 * second is the third where the change leaves all of that alone.
 */
export type Suite = "base" | "head-with-base-tests" | "head";

/** What a change does to files that belong to the tests; paths sorted. */
export interface TestChanges {
  /** Tests and what stands beside them: helpers, fixtures, snapshots. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
  /** Of the runner: its own files, set-up files, sections of a manifest. */
  readonly configuration: readonly string[];
}

export interface TestRunner {
  /**
   * Fresh copy, fresh process, no network; asked again for the same, the answer is the same run's. `turned`: `CI`,
   * `NODE_ENV` and the like set the other way round.
   */
  run(suite: Suite, round?: number, environment?: "configured" | "turned"): Promise<TestReport>;
  /** Files count as tests by name, by the runner's configuration on base, and by what base's run collected. */
  changes(): Promise<TestChanges>;
}
