// Runs the repository's own test command on base or head and counts its tests by id where the runner is known.
import type { Command } from "../core/frame.ts";
import type { Suite, TestReport, TestRunner } from "../core/test-report.ts";
import type { Sandbox } from "../ports.ts";
import { layBaseTests } from "./base-tests.ts";
import { type ReportedRun, runReported } from "./report-run.ts";
import { runners } from "./runners/index.ts";
import type { ParsedTest } from "./runners/types.ts";
import { readScripts } from "./scripts.ts";
import { type ResolvedCommand, resolveCommand } from "./shell-command.ts";
import { type ChangedTree, type TestSide, testSideOf } from "./test-changes.ts";
import { openWorkCopy, type PreparedTree } from "./work-copy.ts";

const defaultTimeoutMs = 20 * 60_000;

export interface TestRunnerOptions {
  readonly sandbox: Sandbox;
  readonly command: Command;
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  /** What head changes; without it nothing of the tests counts as changed. */
  readonly change?: ChangedTree;
  /** A folder for the copies, removed by the caller. */
  readonly scratch: string;
  /** For one run of all tests; default 20 minutes. */
  readonly timeoutMs?: number;
}

function toReport({ result, runner, tests }: ReportedRun, directory: string): TestReport {
  const { exitCode, timedOut } = result;
  const common = { exitCode, output: result.output.replaceAll(directory, "."), timedOut };
  if (tests === undefined) {
    const how = runner === undefined ? "counted by exit code only" : `${runner} left no complete report`;
    return { ...common, countedBy: "exit-code", tests: new Map(), how };
  }
  const toResult = ({ id, isBareFile: _, ...test }: ParsedTest) => [id, test] as const;
  return { ...common, countedBy: "ids", tests: new Map(tests.map(toResult)), how: runner ?? "" };
}

async function runSuite(
  options: TestRunnerOptions,
  suite: Suite,
  { command, side }: { readonly command: ResolvedCommand; readonly side: TestSide },
): Promise<TestReport> {
  const tree = suite === "base" ? options.base : options.head;
  await using copy = await openWorkCopy(tree, options.scratch);
  if (suite === "head-with-base-tests") await layBaseTests(copy.directory, options.base.directory, side);
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const place = {
    sandbox: options.sandbox,
    copy,
    tree,
    environment: "configured",
    timeoutMs,
    runners,
  } as const;
  return toReport(await runReported(place, command), copy.directory);
}

const noChange: ChangedTree = {
  differences: [],
  texts: {
    base: { paths: [], text: () => undefined, size: () => 0 },
    head: { paths: [], text: () => undefined, size: () => 0 },
  },
};

const isUntouched = ({ restored, removed, merged }: TestSide) =>
  restored.length + removed.length + merged.size === 0;

/**
 * The command comes from the frame and its scripts from base, for head too. What a suite has to restore may depend on
 * what base's run collected, so a run of head with base's tests waits for base's only where that could matter.
 */
export function createTestRunner(options: TestRunnerOptions): TestRunner {
  const { change = noChange } = options;
  const runs = new Map<string, Promise<TestReport>>();
  const resolved = readScripts(options.base.directory).then((scripts) =>
    resolveCommand(options.command, scripts),
  );
  /** Changed files that only base's run can tell to be tests. */
  const side = async (): Promise<TestSide> => {
    const command = await resolved;
    const { added, changed, deleted, configuration } = testSideOf(change, command);
    const known = new Set([...added, ...changed, ...deleted, ...configuration]);
    const couldBeTest = ({ path, before }: (typeof change.differences)[number]) =>
      before !== undefined &&
      !known.has(path) &&
      testSideOf(change, command, new Set([path])).restored.includes(path);
    if (!change.differences.some(couldBeTest)) return testSideOf(change, command);
    const { tests } = await run("base");
    return testSideOf(change, command, new Set([...tests.values()].flatMap(({ file }) => file ?? [])));
  };
  let found: Promise<TestSide> | undefined;
  const sideOnce = () => {
    found ??= side();
    return found;
  };
  async function start(suite: Suite, round: number): Promise<TestReport> {
    const command = await resolved;
    const restoring = suite === "head-with-base-tests";
    const same = restoring ? await sideOnce() : testSideOf(noChange, command);
    if (restoring && isUntouched(same)) return run("head", round);
    return runSuite(options, suite, { command, side: same });
  }
  function run(suite: Suite, round = 0): Promise<TestReport> {
    const key = `${suite} ${round}`;
    const running = runs.get(key) ?? start(suite, round);
    runs.set(key, running);
    return running;
  }
  return { run, changes: sideOnce };
}
