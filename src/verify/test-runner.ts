// Runs the repository's own test command on base or head and counts its tests by id where the runner is known.
import type { Command } from "../core/frame.ts";
import type { TestReport, TestRunner } from "../core/test-report.ts";
import type { Sandbox } from "../ports.ts";
import { runReported } from "./report-run.ts";
import { runners } from "./runners/index.ts";
import { readScripts } from "./scripts.ts";
import { resolveCommand } from "./shell-command.ts";
import { openWorkCopy, type PreparedTree } from "./work-copy.ts";

const defaultTimeoutMs = 20 * 60_000;

/** The command comes from the frame and its scripts from base, for head too. `timeoutMs` is for one run of all tests. */
export function createTestRunner(options: {
  readonly sandbox: Sandbox;
  readonly command: Command;
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  /** A folder for the copies, removed by the caller. */
  readonly scratch: string;
  readonly timeoutMs?: number;
}): TestRunner {
  const { sandbox } = options;
  return {
    async run(on): Promise<TestReport> {
      const command = resolveCommand(options.command, await readScripts(options.base.directory));
      const tree = options[on];
      await using copy = await openWorkCopy(tree, options.scratch);
      const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
      const { result, runner, tests } = await runReported(
        { sandbox, copy, tree, environment: "configured", timeoutMs, runners },
        command,
      );
      const { exitCode, timedOut } = result;
      const output = result.output.replaceAll(copy.directory, ".");
      const common = { exitCode, output, timedOut };
      if (tests === undefined) {
        const how = runner === undefined ? "counted by exit code only" : `${runner} left no complete report`;
        return { ...common, countedBy: "exit-code", tests: new Map(), how };
      }
      const byId = new Map(tests.map(({ id, status, message }) => [id, { status, message }]));
      return { ...common, countedBy: "ids", tests: byId, how: runner ?? "" };
    },
  };
}
