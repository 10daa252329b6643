// What an adapter for one test runner is: how a machine report is asked for, and how it is read.

import type { TestResult } from "../../core/test-report.ts";
import type { SimpleCommand } from "../shell-command.ts";

export interface ReportPlace {
  /** Outside the tree; its name cannot be guessed by what runs in the tree. */
  readonly directory: string;
  /** Absolute paths of the check's own files; empty for the repository's tests. */
  readonly ownFiles: readonly string[];
  /** The report's last line; a reporter of ours takes it from here and then removes the file, before it loads anything else. */
  readonly nonceFile: string;
  /** Drive the code in another way where the runner has one, so that code which looks for its runner does not find it. */
  readonly isSecondWay: boolean;
}

export interface Instrumented {
  /** Shell text that runs the same tests and writes the report. */
  readonly text: string;
  readonly reportPath: string;
  /** Files to be written beside the report before the run, by absolute path. */
  readonly files?: ReadonlyMap<string, string>;
}

export interface ParsedTest extends TestResult {
  readonly id: string;
  /** A file that the runner counts as one test since nothing in it registered a test. */
  readonly isBareFile?: boolean;
}

export interface RunnerAdapter {
  readonly name: string;
  readonly summary: string;
  /** `undefined`: not this runner's command. Only arguments are added, never the repository's configuration changed. */
  instrument(command: SimpleCommand, place: ReportPlace): Instrumented | undefined;
  /**
   * Tests in the report's order; `undefined` when the report is not complete. The line with the nonce is taken off.
   * Ids have paths relative to `workspace`.
   */
  parse(report: string, workspace: string): readonly ParsedTest[] | undefined;
  readonly example: {
    readonly command: SimpleCommand;
    readonly report: string;
    readonly ids: readonly string[];
  };
}
