// Gate: every test of base is still there and still runs, and what the change did to the tests is allowed and green.
// Whether base's own tests hold on the change is the gate `regression`'s to say.
import type { TestChanges, TestRunner } from "../core/test-report.ts";
import { findDulledTests } from "./dulled-tests.ts";
import { findEmptyTests } from "./empty-tests.ts";
import { exampleFacts, recordedReport } from "./example-facts.ts";
import { openBaseRuns, roundsFor } from "./flaky.ts";
import { listed, shortList } from "./id-list.ts";
import { howToAllow, judgeByText } from "./inventory-by-text.ts";
import { detectedRunners, standInFiles } from "./runner-detection.ts";
import {
  addedSkips,
  changedExpectations,
  failingNow,
  missing,
  replacedExpectations,
  type TestRuns,
} from "./test-differences.ts";
import type { Gate, GateFacts, GateOutcome } from "./types.ts";
import { weakerAssertions } from "./weaker-tests.ts";

interface Findings {
  readonly lost: readonly string[];
  readonly skipped: readonly string[];
  /** Green on base, red with base's version of the test, green with the change's own; not permitted. */
  readonly changedExpectations: readonly string[];
  readonly permitted: readonly string[];
  readonly failing: readonly string[];
  readonly moved: readonly string[];
}

function faultsOf(found: Findings, runs: TestRuns, facts: GateFacts): string[] {
  const { changed, deleted } = runs.changes;
  const touched = howToAllow([...changed, ...deleted]);
  const skips = addedSkips(runs, facts);
  const fault = (ids: readonly string[], text: string, more = "") =>
    ids.length > 0 ? [`${text}: ${listed(ids)}${more}`] : [];
  return [
    ...fault(
      found.lost,
      "no longer run",
      found.lost.length > 0 && deleted.length > 0 ? ` (deleted: ${listed(deleted)}; ${touched})` : "",
    ),
    ...fault(found.skipped, "skipped now, which counts as lost"),
    ...fault(
      found.changedExpectations,
      "expects something else now, and base's version fails",
      ` (${touched})`,
    ),
    ...fault(found.failing, "fails as the change left it"),
    ...(skips.isRefused ? fault(skips.ids, "added, but skipped") : []),
  ];
}

function judgeByIds(runs: TestRuns, facts: GateFacts, detected: readonly string[]): GateOutcome {
  const { allowed, ...gone } = missing(runs, facts);
  const expectations = changedExpectations(runs, facts);
  const permitted = [...allowed, ...expectations.permitted];
  const found: Findings = {
    ...gone,
    changedExpectations: expectations.refused,
    permitted,
    failing: failingNow(runs),
  };
  const faults = [...faultsOf(found, runs, facts), ...detected];
  const { configuration } = runs.changes;
  const lists = Object.fromEntries(Object.entries(found).map(([name, ids]) => [name, shortList(ids)]));
  const evidence = {
    countedBy: "ids",
    tests: runs.second.tests.size,
    ...lists,
    configuration: shortList(configuration),
    flakyOnBase: shortList([...(runs.flaky ?? [])]),
  };
  const notes = [
    `all ${runs.base.tests.size} tests of base are there (by id)`,
    ...(configuration.length > 0 ? [`configuration of the tests was changed: ${listed(configuration)}`] : []),
    ...(permitted.length > 0 ? [`changed with permission: ${listed(permitted)}`] : []),
    ...(found.moved.length > 0 ? [`moved: ${listed(found.moved)}`] : []),
    ...(runs.flaky && runs.flaky.size > 0 ? [`flaky on base: ${listed([...runs.flaky])}`] : []),
  ];
  if (faults.length === 0) return { result: "pass", why: notes.join("; "), evidence, items: [] };
  return { result: "fail", why: [...faults, ...notes.slice(1)].join("; "), evidence, items: [] };
}

/** Looked for only where nothing else is wrong: it costs more runs. */
async function withTestsThatTellNothing(
  outcome: GateOutcome,
  runs: TestRuns,
  facts: GateFacts,
): Promise<GateOutcome> {
  if (outcome.result !== "pass") return outcome;
  const dulled = await findDulledTests(facts, runs);
  if (dulled.length > 0) {
    const { changed, deleted } = runs.changes;
    const how = howToAllow([...changed, ...deleted]);
    const why = `no longer notices when the code does nothing: ${listed(dulled)} (${how})`;
    return { ...outcome, result: "fail", why: `${why}; ${outcome.why}` };
  }
  const { ids, judged, unjudged } = await findEmptyTests(facts, runs);
  const newTests = { judged, unjudged, empty: shortList(ids) };
  const evidence = { ...(outcome.evidence as object), newTests };
  if (ids.length === 0) return { ...outcome, evidence };
  const why = `asserts nothing, since it stays green whatever is done to the code: ${listed(ids)}`;
  return { ...outcome, result: "fail", why: `${why}; ${outcome.why}`, evidence };
}

const failingOfBase = (runs: TestRuns) => failingNow(runs).filter((id) => runs.base.tests.has(id));

/** What looks like a fault in a test of base may be chance: the change is run again, then base, before it counts. */
async function withoutChance(runs: TestRuns, runner: TestRunner): Promise<TestRuns> {
  let known = runs;
  if (replacedExpectations(known).length > 0)
    known = { ...known, firstAgain: await runner.run("head-with-base-tests", 1) };
  if (failingOfBase(known).length > 0) known = { ...known, again: await runner.run("head", 1) };
  const open = [...replacedExpectations(known).map(({ id }) => id), ...failingOfBase(known)];
  if (open.length === 0) return known;
  const bases = openBaseRuns(runs.base, runner);
  await bases.lookFor(open, roundsFor(runs.base).steady);
  return { ...known, flaky: bases.flaky() };
}

function weakerFaults(facts: GateFacts, changes: TestChanges): string[] {
  const weaker = weakerAssertions(facts, changes);
  if (weaker.length === 0) return [];
  const how = howToAllow([...changes.changed, ...changes.deleted]);
  return [`asserted on base, and now not at all or less: ${listed(weaker)} (${how})`];
}

export const inventory: Gate = {
  name: "inventory",
  summary: "No test is lost, skipped or made to expect something else; the change's own tests are green.",
  async run(facts) {
    const [asking, standIns] = [detectedRunners(facts), standInFiles(facts)];
    const detected = [
      ...(asking.length > 0 ? [`the change asks whether it is being tested: ${listed(asking)}`] : []),
      ...(standIns.length > 0 ? [`loaded in place of a runner or dependency: ${listed(standIns)}`] : []),
    ];
    const fail = (why: string): GateOutcome => ({
      result: "fail",
      why: [why, ...detected].join("; "),
      items: [],
    });
    const { testRunner } = facts;
    if (!testRunner) {
      if (detected.length > 0) return fail("the repository has no test command");
      return { result: "skip", why: "the repository has no test command", items: [] };
    }
    const [base, first] = await Promise.all([testRunner.run("base"), testRunner.run("head-with-base-tests")]);
    // That is for regression to say, and it does.
    const isOver = base.timedOut && detected.length === 0;
    if (isOver) return { result: "skip", why: "suite timed out on base, nothing can be compared", items: [] };
    const [second, changes] = [await testRunner.run("head"), await testRunner.changes()];
    if (second.timedOut)
      return fail("suite timed out: the test command does not end in time on the change as it stands");
    detected.push(...weakerFaults(facts, changes));
    if (base.countedBy !== "ids") return judgeByText(facts, { base, first, second, changes }, detected);
    if (second.countedBy !== "ids")
      return fail(`the tests' report is not complete on the change as it stands: ${second.how}`);
    const runs = await withoutChance({ base, first, second, changes }, testRunner);
    return withTestsThatTellNothing(judgeByIds(runs, facts, detected), runs, facts);
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({
      testRunner: {
        run: async (suite) =>
          recordedReport({
            "a.test.js > adds": "passed",
            "a.test.js > subtracts": suite === "head" ? "skipped" : "passed",
          }),
        changes: async () => ({ added: [], changed: ["a.test.js"], deleted: [], configuration: [] }),
      },
    }),
  },
};
