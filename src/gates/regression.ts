// Gate: what was green on base stays green; "was broken before" must fail there by the same id with the same message.
import type { TestReport } from "../core/test-report.ts";
import { exampleFacts, recordedReport } from "./example-facts.ts";
import type { Gate, GateOutcome } from "./types.ts";
import { withoutVolatile } from "./volatile.ts";

interface Comparison {
  readonly lost: readonly string[];
  readonly broken: readonly string[];
  readonly failsOtherwise: readonly string[];
  readonly failedBefore: readonly string[];
}

const shownIds = 20;
const shownCharacters = 200;

/** Names of tests are the repository's own text: no longer than what people read. */
function short(ids: readonly string[]): string[] {
  const more = ids.length > shownIds ? [`and ${ids.length - shownIds} more`] : [];
  return [...ids.slice(0, shownIds).map((id) => id.slice(0, shownCharacters)), ...more];
}

function listed(ids: readonly string[]): string {
  return short(ids).join(", ");
}

/** Ids that give another status when base is run again: they prove nothing for or against the change. */
function flakyIds(first: TestReport, second: TestReport | undefined): ReadonlySet<string> {
  if (!second) return new Set();
  const differs = ([id, { status }]: [string, { status: string }]) => second.tests.get(id)?.status !== status;
  return new Set([...first.tests].filter(differs).map(([id]) => id));
}

function compare(base: TestReport, head: TestReport, flaky: ReadonlySet<string>): Comparison {
  const found: Record<keyof Comparison, string[]> = {
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

function judgeByIds(base: TestReport, head: TestReport, again: TestReport | undefined): GateOutcome {
  const flaky = flakyIds(base, again);
  const { lost, broken, failsOtherwise, failedBefore } = compare(base, head, flaky);
  const faults = [
    ...(lost.length > 0 ? [`no longer run: ${listed(lost)}`] : []),
    ...(broken.length > 0 ? [`now failing: ${listed(broken)}`] : []),
    ...(failsOtherwise.length > 0 ? [`failed before, now in another way: ${listed(failsOtherwise)}`] : []),
    ...(endsWorse(base, head)
      ? [`no test fails, but the test command ends with ${head.exitCode ?? "a signal"}`]
      : []),
    ...(base.tests.size === 0 ? ["the test command runs no test on base"] : []),
  ];
  const lists = { lost: short(lost), broken: short(broken), failsOtherwise: short(failsOtherwise) };
  const evidence = {
    countedBy: "ids",
    tests: head.tests.size,
    ...lists,
    failedBefore: short(failedBefore),
    flakyOnBase: short([...flaky]),
  };
  const notes = [
    `${base.tests.size} tests of base compared by id`,
    ...(failedBefore.length > 0 ? [`failing before and now alike: ${listed(failedBefore)}`] : []),
    ...(flaky.size > 0 ? [`flaky on base: ${listed([...flaky])}`] : []),
  ];
  if (faults.length > 0) return { result: "fail", why: faults.join("; "), evidence, items: [] };
  return { result: "pass", why: notes.join("; "), evidence, items: [] };
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
  async run({ testRunner }) {
    if (!testRunner) return { result: "skip", why: "the repository has no test command", items: [] };
    const [base, head] = await Promise.all([testRunner.run("base"), testRunner.run("head")]);
    if (head.timedOut && !base.timedOut)
      return { result: "fail", why: "the test command does not end in time on the change", items: [] };
    if (base.timedOut)
      return { result: "fail", why: "the test command does not end in time on base", items: [] };
    if (base.countedBy === "ids" && head.countedBy !== "ids")
      return {
        result: "fail",
        why: `the tests' report is not complete on the change: ${head.how}`,
        items: [],
      };
    if (base.countedBy !== "ids") return judgeByExitCode(base, head);
    const hasFailures = [...base.tests.values()].some(({ status }) => status === "failed");
    return judgeByIds(base, head, hasFailures ? await testRunner.run("base") : undefined);
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({
      testRunner: {
        run: async (on) =>
          recordedReport({
            "a.test.js > adds": "passed",
            ...(on === "base" ? { "a.test.js > subtracts": "passed" } : {}),
          }),
      },
    }),
  },
};
