// Gate: base's own tests, laid over the change, stay green; "was broken before" must fail there by the same id with the
// same message. Tests that were taken away or changed are the gate `inventory`'s to judge.
import type { TestReport, TestRunner } from "../core/test-report.ts";
import { exampleFacts, recordedReport } from "./example-facts.ts";
import { type BaseRuns, hasFailures, openBaseRuns, roundsFor } from "./flaky.ts";
import { listed, shortList } from "./id-list.ts";
import { brokenWhenTurned } from "./second-environment.ts";
import { fileOf, mayChange } from "./test-permission.ts";
import type { Gate, GateFacts, GateOutcome } from "./types.ts";
import { withoutVolatile } from "./volatile.ts";

interface Comparison {
  readonly lost: readonly string[];
  readonly broken: readonly string[];
  readonly failsOtherwise: readonly string[];
  readonly failedBefore: readonly string[];
  /** Of the broken ones: green when the change is run again. */
  readonly unstable: readonly string[];
}

/** A test that says something else each time it fails on base cannot fail "in another way". */
function failsAlike(onBase: ReadonlySet<string>, message: string): boolean {
  return onBase.size > 1 || onBase.has(withoutVolatile(message));
}

function compare(bases: BaseRuns, head: TestReport): Omit<Comparison, "unstable"> {
  const base = bases.first;
  const flaky = bases.flaky();
  const found: Record<Exclude<keyof Comparison, "unstable">, string[]> = {
    lost: [],
    broken: [],
    failsOtherwise: [],
    failedBefore: [],
  };
  const files = new Set([...head.tests.keys()].map((id) => id.split(" > ", 1)[0]));
  for (const [id, before] of base.tests) {
    const after = head.tests.get(id);
    // A file that counted as one test on base, and has tests of its own now, is not lost.
    const hasTestsNow = !after && !id.includes(" > ") && files.has(id);
    if (before.status === "skipped" || hasTestsNow) continue;
    if (!after || after.status === "skipped") found.lost.push(id);
    else if (after.status === "passed" || flaky.has(id)) continue;
    else if (before.status === "passed") found.broken.push(id);
    else if (failsAlike(bases.messagesOf(id), after.message)) found.failedBefore.push(id);
    else found.failsOtherwise.push(id);
  }
  for (const [id, { status }] of head.tests)
    if (status === "failed" && !base.tests.has(id)) found.broken.push(id);
  return found;
}

/** Builds and linters that the test command runs beside the tests: those that end well on base, and not on the change. */
function brokenCommands(base: TestReport, head: TestReport): string[] {
  const ran = [...(head.commands ?? [])].filter(([, code]) => code !== 0);
  return ran.flatMap(([text]) => (base.commands?.get(text) === 0 ? [`\`${text}\``] : []));
}

/** Not even base's own build or linter works here. */
function commandsBrokenBefore(base: TestReport): string[] {
  return [...(base.commands ?? [])].flatMap(([text, code]) => (code === 0 ? [] : [`\`${text}\``]));
}

/** A run may end badly though every test passed: a hook, a left-over handle. */
function endsWorse(base: TestReport, head: TestReport): boolean {
  const isRed = ({ exitCode, tests }: TestReport) =>
    exitCode !== 0 && ![...tests.values()].some(({ status }) => status === "failed");
  return isRed(head) && base.exitCode === 0 && brokenCommands(base, head).length === 0;
}

/** Ids that may expect something else now, and are green with the change's own version of their test. */
async function permittedIds(
  facts: GateFacts,
  base: TestReport,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!facts.testRunner || ids.length === 0) return new Set();
  const changes = await facts.testRunner.changes();
  if (changes.changed.length + changes.deleted.length === 0) return new Set();
  const { tests } = await facts.testRunner.run("head");
  const isGreen = (id: string) => tests.get(id)?.status === "passed" || !tests.has(id);
  return new Set(
    ids.filter((id) => isGreen(id) && mayChange(facts, changes, { id, file: fileOf(base, id) })),
  );
}

/** A flaky test may have been red by chance: the change is run again, and base as often as it may take to see it there. */
async function unstableIds(testRunner: TestRunner, bases: BaseRuns, head: TestReport): Promise<string[]> {
  const rounds = roundsFor(bases.first);
  if (hasFailures(bases.first)) await bases.again();
  const broken = compare(bases, head).broken;
  if (broken.length === 0) return [];
  const second = await testRunner.run("head-with-base-tests", 1);
  const unstable = broken.filter((id) => second.tests.get(id)?.status === "passed");
  await bases.lookFor(broken, rounds.steady);
  await bases.lookFor(unstable, rounds.most);
  return unstable;
}

function faultsOf(comparison: Comparison, bases: BaseRuns, head: TestReport): string[] {
  const { lost, broken, unstable, failsOtherwise } = comparison;
  const fault = (ids: readonly string[], text: string) => (ids.length > 0 ? [`${text}: ${listed(ids)}`] : []);
  return [
    ...fault(lost, "no longer run"),
    ...fault(
      broken.filter((id) => !unstable.includes(id)),
      "now failing",
    ),
    ...fault(
      broken.filter((id) => unstable.includes(id)),
      `now failing from time to time, on base never in ${bases.count()} runs`,
    ),
    ...fault(failsOtherwise, "failed before, now in another way"),
    ...fault(brokenCommands(bases.first, head), "ends badly now, and well on base"),
    ...(endsWorse(bases.first, head)
      ? [`no test fails, but the test command ends with ${head.exitCode ?? "a signal"}`]
      : []),
  ];
}

interface Suites {
  readonly runner: TestRunner;
  readonly base: TestReport;
  /** With base's tests. */
  readonly head: TestReport;
}

async function judgeByIds(facts: GateFacts, { runner, base, head }: Suites): Promise<GateOutcome> {
  const bases = openBaseRuns(base, runner);
  const unstable = await unstableIds(runner, bases, head);
  const [flaky, all] = [bases.flaky(), compare(bases, head)];
  const permitted = await permittedIds(facts, base, [...all.broken, ...all.lost]);
  const not = (ids: readonly string[]) => ids.filter((id) => !permitted.has(id));
  const found = { ...all, broken: not(all.broken), lost: not(all.lost), unstable };
  const turned = await brokenWhenTurned(facts);
  const faults = [...faultsOf(found, bases, head), ...(turned === undefined ? [] : [turned])];
  const { lost, broken, failsOtherwise, failedBefore } = found;
  const notWorking = commandsBrokenBefore(base);
  const evidence = {
    ...{
      countedBy: "ids",
      runner: head.how,
      tests: head.tests.size,
      testsOfBase: base.tests.size,
      lost: shortList(lost),
      broken: shortList(broken),
    },
    ...{ failsOtherwise: shortList(failsOtherwise), failedBefore: shortList(failedBefore) },
    flakyOnBase: shortList([...flaky]),
  };
  const notes = [
    `${base.tests.size} tests of base compared by id`,
    ...(permitted.size > 0 ? [`expects something else with permission: ${listed([...permitted])}`] : []),
    ...(failedBefore.length > 0 ? [`failing before and now alike: ${listed(failedBefore)}`] : []),
    ...(flaky.size > 0 ? [`flaky on base: ${listed([...flaky])}`] : []),
    ...(notWorking.length > 0 ? [`ends badly on base already: ${listed(notWorking)}`] : []),
  ];
  if (faults.length > 0) return { result: "fail", why: faults.join("; "), evidence, items: [] };
  return { result: "pass", why: notes.join("; "), evidence, items: [] };
}

/** Without ids no single test can be told apart: all that was changed must be permitted, and the suite be green with it. */
async function isPermittedAsWhole(facts: GateFacts): Promise<boolean> {
  const { testRunner } = facts;
  const changes = await testRunner?.changes();
  if (!testRunner || !changes || !mayChange(facts, changes, { id: "", file: undefined })) return false;
  return (await testRunner.run("head")).exitCode === 0;
}

/** What the runner says of itself where it is not one that is known. */
const byExitCodeOnly = "counted by exit code only";

function judgeByExitCode(base: TestReport, head: TestReport): GateOutcome {
  const evidence = { countedBy: "exit-code", base: base.exitCode, head: head.exitCode, how: head.how };
  const outcome = (result: "pass" | "fail", why: string): GateOutcome => ({
    result,
    why: `${why} (counted by exit code only)`,
    evidence,
    items: [],
  });
  if (head.exitCode === 0) return outcome("pass", "the test command succeeds on the change");
  const isMissing = ({ exitCode }: TestReport) => exitCode === 126 || exitCode === 127;
  if (isMissing(base) && isMissing(head))
    return outcome(
      "fail",
      "unknown test command: it cannot be started, neither on base nor on the change; correct `test` in the configuration",
    );
  if (base.how !== byExitCodeOnly && base.exitCode !== 0)
    return {
      ...outcome("pass", `suite does not start on base: ${base.how}, so nothing was green there`),
      result: "skip",
    };
  if (base.exitCode === 0)
    return outcome("fail", "the test command succeeds on base and fails on the change");
  const isAlike =
    base.exitCode === head.exitCode && withoutVolatile(base.output) === withoutVolatile(head.output);
  if (isAlike) return outcome("pass", "the test command fails on base and on the change alike");
  return outcome("fail", "the test command fails on base, and in another way on the change");
}

export const regression: Gate = {
  name: "regression",
  summary: "Tests that are green on base stay green; none is lost; an old failure is the same failure.",
  async run(facts) {
    const { testRunner } = facts;
    if (!testRunner) return { result: "skip", why: "the repository has no test command", items: [] };
    const [base, head] = await Promise.all([testRunner.run("base"), testRunner.run("head-with-base-tests")]);
    const fail = (why: string): GateOutcome => ({ result: "fail", why, items: [] });
    const late = "suite timed out: the test command does not end in time on";
    if (base.timedOut) return fail(`${late} base`);
    if (head.timedOut) return fail(`${late} the change`);
    if (base.countedBy !== "ids") {
      const outcome = judgeByExitCode(base, head);
      if (outcome.result === "fail" && (await isPermittedAsWhole(facts)))
        return {
          ...outcome,
          result: "pass",
          why: "every changed test is changed with permission, and passes (counted by exit code only)",
        };
      const turned = outcome.result === "pass" ? await brokenWhenTurned(facts) : undefined;
      return turned === undefined ? outcome : fail(`${turned} (counted by exit code only)`);
    }
    if (head.countedBy !== "ids") return fail(`the tests' report is not complete on the change: ${head.how}`);
    if (base.tests.size === 0)
      return {
        result: "skip",
        why: "no test: the test command runs none on base, so nothing there could break",
        items: [],
      };
    return judgeByIds(facts, { runner: testRunner, base, head });
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({
      testRunner: {
        run: async (suite) =>
          recordedReport({
            "a.test.js > adds": "passed",
            "a.test.js > subtracts": suite === "base" ? "passed" : "failed",
          }),
        changes: async () => ({ added: [], changed: [], deleted: [], configuration: [] }),
      },
    }),
  },
};
