// Gate: every test of base is still there and still runs, and what the change did to the tests is allowed and green.
// Whether base's own tests hold on the change is the gate `regression`'s to say.
import type { TestChanges, TestReport } from "../core/test-report.ts";
import { countMarks, declaredTests } from "./declared-tests.ts";
import { exampleFacts, recordedReport } from "./example-facts.ts";
import { listed, shortList } from "./id-list.ts";
import { detectedRunners, standInFiles } from "./runner-detection.ts";
import { fileOf, mayChange } from "./test-permission.ts";
import type { Gate, GateFacts, GateOutcome } from "./types.ts";
import { withoutVolatile } from "./volatile.ts";

interface Runs {
  readonly base: TestReport;
  /** Head with base's tests, and head as it stands. */
  readonly first: TestReport;
  readonly second: TestReport;
  readonly changes: TestChanges;
}

interface Findings {
  readonly lost: readonly string[];
  readonly skipped: readonly string[];
  /** Green on base, red with base's version of the test, green with the change's own; not permitted. */
  readonly changedExpectations: readonly string[];
  readonly permitted: readonly string[];
  readonly failing: readonly string[];
  readonly moved: readonly string[];
}

const titlesOf = (id: string) => id.split(" > ").slice(1).join(" > ");

/** The same titles in a file that base does not have: a test that was moved, and has to be green there. */
function movedTo(id: string, { base, second }: Runs): boolean {
  const titles = titlesOf(id);
  return (
    titles !== "" &&
    [...second.tests].some(
      ([other, { status }]) => status === "passed" && !base.tests.has(other) && titlesOf(other) === titles,
    )
  );
}

/** Tests of base that do not run any more; a file that counted as one test and has tests of its own now is not lost. */
function missing(
  runs: Runs,
  facts: GateFacts,
): Pick<Findings, "lost" | "skipped" | "moved"> & { readonly allowed: string[] } {
  const found = {
    lost: [] as string[],
    skipped: [] as string[],
    moved: [] as string[],
    allowed: [] as string[],
  };
  const files = new Set([...runs.second.tests.keys()].map((id) => id.split(" > ", 1)[0]));
  for (const [id, { status }] of runs.base.tests) {
    const now = runs.second.tests.get(id)?.status;
    const hasTestsNow = now === undefined && !id.includes(" > ") && files.has(id);
    if (status === "skipped" || hasTestsNow || (now !== undefined && now !== "skipped")) continue;
    const isMoved = now === undefined && movedTo(id, runs) && runs.first.tests.get(id)?.status === "passed";
    if (isMoved) found.moved.push(id);
    else if (mayChange(facts, runs.changes, { id, file: fileOf(runs.base, id) })) found.allowed.push(id);
    else (now === undefined ? found.lost : found.skipped).push(id);
  }
  return found;
}

/** Expectations of base's tests that the change replaced by its own. */
function changedExpectations({ base, first, second, changes }: Runs, facts: GateFacts) {
  const ids = [...base.tests]
    .filter(
      ([id, { status }]) =>
        status === "passed" &&
        second.tests.get(id)?.status === "passed" &&
        first.tests.get(id)?.status === "failed",
    )
    .map(([id]) => ({ id, file: fileOf(base, id) }))
    .filter(
      ({ file }) =>
        file === undefined ||
        changes.changed.length === 0 ||
        changes.changed.includes(file) ||
        !first.tests.has(file),
    );
  const isPermitted = (test: (typeof ids)[number]) => mayChange(facts, changes, test);
  const withPath = ({ id, file }: (typeof ids)[number]) =>
    file === undefined || id.startsWith(file) ? id : `${file}: ${id}`;
  return {
    refused: ids.filter((test) => !isPermitted(test)).map(withPath),
    permitted: ids.filter(isPermitted).map(withPath),
  };
}

/** Red as the change left it: its own tests, and tests of base that it made red by changing them. */
function failingNow({ base, first, second, changes }: Runs): string[] {
  const isTouched = (file: string | undefined) =>
    changes.configuration.length > 0 ||
    file === undefined ||
    [...changes.changed, ...changes.added].includes(file);
  return [...second.tests]
    .filter(([id, { status, message, file }]) => {
      if (status !== "failed") return false;
      const before = base.tests.get(id);
      if (!before) return true;
      if (before.status === "passed") return first.tests.get(id)?.status === "passed" && isTouched(file);
      return (
        before.status === "failed" &&
        isTouched(file) &&
        withoutVolatile(before.message) !== withoutVolatile(message)
      );
    })
    .map(([id]) => id);
}

/** Tests that the change adds and switches off in the same breath. One that is skipped by what the machine has is only listed. */
function addedSkips({ base, second, changes }: Runs, { texts }: GateFacts) {
  const ids = [...second.tests]
    .filter(([id, { status }]) => status === "skipped" && !base.tests.has(id))
    .map(([id]) => id);
  const marksMore = [...changes.added, ...changes.changed].some(
    (path) => countMarks(texts.head.text(path) ?? "") > countMarks(texts.base.text(path) ?? ""),
  );
  return { ids, isRefused: ids.length > 0 && marksMore };
}

const howToAllow = (paths: readonly string[]) =>
  `a person can agree by \`/continue allow-test ${paths.length === 1 ? paths[0] : "<path>"}\``;

function faultsOf(found: Findings, runs: Runs, facts: GateFacts): string[] {
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

function judgeByIds(runs: Runs, facts: GateFacts, detected: readonly string[]): GateOutcome {
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
  };
  const notes = [
    `all ${runs.base.tests.size} tests of base are there (by id)`,
    ...(configuration.length > 0 ? [`configuration of the tests was changed: ${listed(configuration)}`] : []),
    ...(permitted.length > 0 ? [`changed with permission: ${listed(permitted)}`] : []),
    ...(found.moved.length > 0 ? [`moved: ${listed(found.moved)}`] : []),
  ];
  if (faults.length === 0) return { result: "pass", why: notes.join("; "), evidence, items: [] };
  return { result: "fail", why: [...faults, ...notes.slice(1)].join("; "), evidence, items: [] };
}

/** The runner tells no ids, so the texts are read instead: what is declared must still be declared, and not marked. */
function judgeByText(
  facts: GateFacts,
  { base: ran, changes }: Pick<Runs, "base" | "changes">,
  detected: readonly string[],
): GateOutcome {
  const only = "counted by exit code only";
  const how = ran.how === only ? only : `${only}: on base, ${ran.how}`;
  const isAllowed = (path: string) => facts.allowedTests.includes(path);
  const known = new Set([...changes.changed, ...changes.deleted, ...changes.added]);
  const [base, head] = [facts.texts.base, facts.texts.head].map((tree) =>
    declaredTests(tree, (path) => known.has(path)),
  );
  const names = new Set([...(head?.ids ?? [])].map(titlesOf));
  const lost = [...(base?.ids ?? [])].filter((id) => {
    const file = id.split(" > ", 1)[0] ?? "";
    const isMoved = !changes.changed.includes(file) && names.has(titlesOf(id));
    return !head?.ids.has(id) && !isMoved && !mayChange(facts, changes, { id, file });
  });
  const deleted = changes.deleted.filter(
    (path) => !isAllowed(path) && !lost.some((id) => id.startsWith(`${path} > `)),
  );
  const more = (head?.marks ?? 0) - (base?.marks ?? 0);
  const faults = [
    ...(lost.length > 0 ? [`no longer declared: ${listed(lost)}`] : []),
    ...(deleted.length > 0 ? [`test files are gone: ${listed(deleted)} (${howToAllow(deleted)})`] : []),
    ...(more > 0 ? [`${more} more ${more === 1 ? "mark keeps" : "marks keep"} tests from running`] : []),
    ...detected,
  ];
  const evidence = {
    countedBy: "exit-code",
    declared: head?.ids.size ?? 0,
    lost: shortList(lost),
    configuration: shortList(changes.configuration),
  };
  const told = `${base?.ids.size ?? 0} declarations of base compared as text (${how})`;
  if (faults.length > 0) return { result: "fail", why: `${faults.join("; ")}; ${told}`, evidence, items: [] };
  return { result: "pass", why: told, evidence, items: [] };
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
    const [second, changes] = [await testRunner.run("head"), await testRunner.changes()];
    if (second.timedOut) return fail("the test command does not end in time on the change as it stands");
    if (base.countedBy !== "ids") return judgeByText(facts, { base, changes }, detected);
    if (second.countedBy !== "ids")
      return fail(`the tests' report is not complete on the change as it stands: ${second.how}`);
    return judgeByIds({ base, first, second, changes }, facts, detected);
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
