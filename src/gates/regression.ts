// Gate: base's own tests, laid over the change, stay green; "was broken before" must fail there by the same id with the
// same message. Tests that were taken away or changed are the gate `inventory`'s to judge.
import type { TestReport } from "../core/test-report.ts";
import { exampleFacts, recordedReport } from "./example-facts.ts";
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

/** How often base may be run again to see whether a test is flaky there too. */
const mostRounds = 6;
/** The same for a test that failed on the change both times: seldom chance, but seen. */
const steadyRounds = 3;

const hasFailures = ({ tests }: TestReport) => [...tests.values()].some(({ status }) => status === "failed");

/** Ids that give another status when base is run again: they prove nothing for or against the change. */
function flakyIds(first: TestReport, others: readonly TestReport[]): ReadonlySet<string> {
  const differs = ([id, { status }]: [string, { status: string }]) =>
    others.some(({ tests, countedBy }) => countedBy === "ids" && tests.get(id)?.status !== status);
  return new Set([...first.tests].filter(differs).map(([id]) => id));
}

function compare(
  base: TestReport,
  head: TestReport,
  flaky: ReadonlySet<string>,
): Omit<Comparison, "unstable"> {
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
    else if (withoutVolatile(before.message) === withoutVolatile(after.message)) found.failedBefore.push(id);
    else found.failsOtherwise.push(id);
  }
  for (const [id, { status }] of head.tests)
    if (status === "failed" && !base.tests.has(id)) found.broken.push(id);
  return found;
}

/** A run may end badly though every test passed: a hook, a left-over handle, a second command. */
function endsWorse(base: TestReport, head: TestReport): boolean {
  const isRed = ({ exitCode, tests }: TestReport) =>
    exitCode !== 0 && ![...tests.values()].some(({ status }) => status === "failed");
  return isRed(head) && base.exitCode === 0;
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
async function rounds(facts: GateFacts, base: TestReport, head: TestReport) {
  const { testRunner } = facts;
  const bases: TestReport[] = [];
  const again = async () => {
    const report = await testRunner?.run("base", bases.length + 1);
    if (report) bases.push(report);
  };
  if (hasFailures(base)) await again();
  const broken = compare(base, head, flakyIds(base, bases)).broken;
  if (!testRunner || broken.length === 0) return { bases, unstable: [] };
  const second = await testRunner.run("head-with-base-tests", 1);
  const unstable = broken.filter((id) => second.tests.get(id)?.status === "passed");
  const isOpen = (ids: readonly string[]) => ids.some((id) => !flakyIds(base, bases).has(id));
  while (isOpen(broken) && bases.length < steadyRounds) await again();
  while (isOpen(unstable) && bases.length < mostRounds) await again();
  return { bases, unstable };
}

function faultsOf(comparison: Comparison, base: TestReport, head: TestReport): string[] {
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
      `now failing from time to time, on base never in ${mostRounds + 1} runs`,
    ),
    ...fault(failsOtherwise, "failed before, now in another way"),
    ...(endsWorse(base, head)
      ? [`no test fails, but the test command ends with ${head.exitCode ?? "a signal"}`]
      : []),
  ];
}

async function judgeByIds(facts: GateFacts, base: TestReport, head: TestReport): Promise<GateOutcome> {
  const { bases, unstable } = await rounds(facts, base, head);
  const flaky = flakyIds(base, bases);
  const all = compare(base, head, flaky);
  const permitted = await permittedIds(facts, base, [...all.broken, ...all.lost]);
  const not = (ids: readonly string[]) => ids.filter((id) => !permitted.has(id));
  const found = { ...all, broken: not(all.broken), lost: not(all.lost), unstable };
  const turned = await brokenWhenTurned(facts);
  const faults = [...faultsOf(found, base, head), ...(turned === undefined ? [] : [turned])];
  const { lost, broken, failsOtherwise, failedBefore } = found;
  const evidence = {
    ...{ countedBy: "ids", tests: head.tests.size, lost: shortList(lost), broken: shortList(broken) },
    ...{ failsOtherwise: shortList(failsOtherwise), failedBefore: shortList(failedBefore) },
    flakyOnBase: shortList([...flaky]),
  };
  const notes = [
    `${base.tests.size} tests of base compared by id`,
    ...(permitted.size > 0 ? [`expects something else with permission: ${listed([...permitted])}`] : []),
    ...(failedBefore.length > 0 ? [`failing before and now alike: ${listed(failedBefore)}`] : []),
    ...(flaky.size > 0 ? [`flaky on base: ${listed([...flaky])}`] : []),
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

function judgeByExitCode(base: TestReport, head: TestReport): GateOutcome {
  const evidence = { countedBy: "exit-code", base: base.exitCode, head: head.exitCode, how: head.how };
  const outcome = (result: "pass" | "fail", why: string): GateOutcome => ({
    result,
    why: `${why} (counted by exit code only)`,
    evidence,
    items: [],
  });
  if (head.exitCode === 0) return outcome("pass", "the test command succeeds on the change");
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
    if (base.timedOut) return fail("the test command does not end in time on base");
    if (head.timedOut) return fail("the test command does not end in time on the change");
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
        why: "the test command runs no test on base: nothing there could break",
        items: [],
      };
    return judgeByIds(facts, base, head);
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
