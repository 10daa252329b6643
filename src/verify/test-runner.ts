// Runs the repository's own test command on base or head and counts its tests by id where the runner is known.
import type { TreeDifference } from "../core/change.ts";
import type { Command } from "../core/frame.ts";
import type { Suite, TestReport, TestRunner } from "../core/test-report.ts";
import type { Sandbox } from "../ports.ts";
import { layBaseTests } from "./base-tests.ts";
import type { EnvironmentName } from "./environment.ts";
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
  /** Leaves out commands that only look at texts. */
  readonly testsOnly?: boolean;
}

function toReport({ result, runner, tests, commands }: ReportedRun, directory: string): TestReport {
  const { exitCode, timedOut, durationMs } = result;
  const common = { exitCode, output: result.output.replaceAll(directory, "."), timedOut, durationMs };
  if (tests === undefined) {
    const how = runner === undefined ? "counted by exit code only" : `${runner} left no complete report`;
    return { ...common, countedBy: "exit-code", tests: new Map(), how };
  }
  const toResult = ({ id, isBareFile: _, ...test }: ParsedTest) => [id, test] as const;
  const beside = commands ? { commands } : {};
  return { ...common, ...beside, countedBy: "ids", tests: new Map(tests.map(toResult)), how: runner ?? "" };
}

interface SuiteRun {
  readonly suite: Suite;
  readonly environment: EnvironmentName;
  readonly command: ResolvedCommand;
  /** Laid over the copy. */
  readonly side?: TestSide;
  /** Without commands that only look at texts. */
  readonly testsOnly: boolean;
}

async function runSuite(
  options: TestRunnerOptions,
  { suite, environment, command, side, testsOnly }: SuiteRun,
): Promise<TestReport> {
  const tree = suite === "base" ? options.base : options.head;
  await using copy = await openWorkCopy(tree, options.scratch);
  if (side) await layBaseTests(copy.directory, options.base.directory, side);
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const place = {
    sandbox: options.sandbox,
    copy,
    tree,
    environment,
    timeoutMs,
    runners,
    suite: { testsOnly },
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

/** Base's run is waited for only where a changed file could be a test that nothing but that run can tell. */
async function findSide(
  change: ChangedTree,
  command: ResolvedCommand,
  runBase: () => Promise<TestReport>,
): Promise<TestSide> {
  const plain = testSideOf(change, command);
  const known = new Set([...plain.restored, ...plain.removed]);
  const isOpen = ({ path, before }: TreeDifference) =>
    before !== undefined &&
    !known.has(path) &&
    testSideOf(change, command, new Set([path])).restored.includes(path);
  if (!change.differences.some(isOpen)) return plain;
  const { tests } = await runBase();
  return testSideOf(change, command, new Set([...tests.values()].flatMap(({ file }) => file ?? [])));
}

/** The command comes from the frame and its scripts from base, for head too. */
export function createTestRunner(options: TestRunnerOptions): TestRunner {
  const { change = noChange } = options;
  const runs = new Map<string, Promise<TestReport>>();
  const resolved = readScripts(options.base.directory).then((scripts) =>
    resolveCommand(options.command, scripts),
  );
  let side: Promise<TestSide> | undefined;
  const changes = () => {
    side ??= resolved.then((command) => findSide(change, command, () => run("base")));
    return side;
  };
  async function start(suite: Suite, round: number, environment: EnvironmentName): Promise<TestReport> {
    const command = await resolved;
    const plain = { suite, environment, command };
    // Once for base and once for head is enough to see whether a linter says more than it did.
    const isAgain = round > 0 || environment === "turned" || options.testsOnly === true;
    if (suite === "base") return runSuite(options, { ...plain, testsOnly: isAgain });
    const laid = await changes();
    const isFirst = isUntouched(laid);
    if (suite === "head") return runSuite(options, { ...plain, testsOnly: isAgain || !isFirst });
    if (isFirst) return run("head", round, environment);
    return runSuite(options, { ...plain, side: laid, testsOnly: isAgain });
  }
  function run(suite: Suite, round = 0, environment: EnvironmentName = "configured"): Promise<TestReport> {
    const key = `${suite} ${round} ${environment}`;
    const running = runs.get(key) ?? start(suite, round, environment);
    runs.set(key, running);
    return running;
  }
  return { run, changes };
}
