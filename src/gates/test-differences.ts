// What became of base's tests, and of those the change brought, by their ids in three runs. Pure.
import type { TestChanges, TestReport } from "../core/test-report.ts";
import { countMarks } from "./declared-tests.ts";
import { fileOf, mayChange } from "./test-permission.ts";
import type { GateFacts } from "./types.ts";
import { withoutVolatile } from "./volatile.ts";

export interface TestRuns {
  readonly base: TestReport;
  /** Head with base's tests, and head as it stands. */
  readonly first: TestReport;
  readonly second: TestReport;
  readonly changes: TestChanges;
  /** Both once more, where a test of base was red in the first run of them. */
  readonly firstAgain?: TestReport;
  readonly again?: TestReport;
  /** Tests that are red now and then on base: what they say of the change is chance. */
  readonly flaky?: ReadonlySet<string>;
}

export const titlesOf = (id: string) => id.split(" > ").slice(1).join(" > ");

/** The same titles in a file that base does not have: a test that was moved, and has to be green there. */
function movedTo(id: string, { base, second }: TestRuns): boolean {
  const titles = titlesOf(id);
  return (
    titles !== "" &&
    [...second.tests].some(
      ([other, { status }]) => status === "passed" && !base.tests.has(other) && titlesOf(other) === titles,
    )
  );
}

export interface MissingTests {
  /** Not run at all; run, but skipped. */
  readonly lost: readonly string[];
  readonly skipped: readonly string[];
  /** Found again by their titles in a file that base does not have. */
  readonly moved: readonly string[];
  /** Gone with permission. */
  readonly allowed: readonly string[];
}

/** Tests of base that do not run any more; a file that counted as one test and has tests of its own now is not lost. */
export function missing(runs: TestRuns, facts: GateFacts): MissingTests {
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

interface ReplacedExpectation {
  readonly id: string;
  readonly file: string | undefined;
}

/** Green on base, red with base's version of the test, green with the change's own. */
export function replacedExpectations(runs: TestRuns): readonly ReplacedExpectation[] {
  const { base, first, second, changes, firstAgain = first, flaky } = runs;
  return [...base.tests]
    .filter(
      ([id, { status }]) =>
        status === "passed" &&
        !flaky?.has(id) &&
        second.tests.get(id)?.status === "passed" &&
        first.tests.get(id)?.status === "failed" &&
        firstAgain.tests.get(id)?.status !== "passed",
    )
    .map(([id]) => ({ id, file: fileOf(base, id) }))
    .filter(
      ({ file }) =>
        file === undefined ||
        changes.changed.length === 0 ||
        changes.changed.includes(file) ||
        !first.tests.has(file),
    );
}

/** Expectations of base's tests that the change replaced by its own. */
export function changedExpectations(runs: TestRuns, facts: GateFacts) {
  const ids = replacedExpectations(runs);
  const isPermitted = (test: ReplacedExpectation) => mayChange(facts, runs.changes, test);
  const withPath = ({ id, file }: ReplacedExpectation) =>
    file === undefined || id.startsWith(file) ? id : `${file}: ${id}`;
  return {
    refused: ids.filter((test) => !isPermitted(test)).map(withPath),
    permitted: ids.filter(isPermitted).map(withPath),
  };
}

/** Red as the change left it: its own tests, and tests of base that it made red by changing them. */
export function failingNow({ base, first, second, changes, again, flaky }: TestRuns): string[] {
  const isTouched = (file: string | undefined) =>
    changes.configuration.length > 0 ||
    file === undefined ||
    [...changes.changed, ...changes.added].includes(file);
  return [...second.tests]
    .filter(([id, { status, message, file }]) => {
      if (status !== "failed" || flaky?.has(id)) return false;
      const before = base.tests.get(id);
      if (!before) return true;
      // Red now and then: the gate `regression` says whether it was so on base.
      if (again?.tests.get(id)?.status === "passed") return false;
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
export function addedSkips({ base, second, changes }: TestRuns, { texts }: GateFacts) {
  const ids = [...second.tests]
    .filter(([id, { status }]) => status === "skipped" && !base.tests.has(id))
    .map(([id]) => id);
  const marksMore = [...changes.added, ...changes.changed].some(
    (path) => countMarks(texts.head.text(path) ?? "") > countMarks(texts.base.text(path) ?? ""),
  );
  return { ids, isRefused: ids.length > 0 && marksMore };
}
