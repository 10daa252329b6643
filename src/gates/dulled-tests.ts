// Tests of base that noticed when the code under them did nothing, and in the change's version do not: a helper that
// asserts no more, an assertion library that was replaced. Told by running them on hollow code; for the texts see
// weaker-tests.ts.
import type { TestReport } from "../core/test-report.ts";
import { changedFiles } from "./change/changed-files.ts";
import { languageOf } from "./change/language.ts";
import type { TestRuns } from "./test-differences.ts";
import { mayChange } from "./test-permission.ts";
import type { GateFacts } from "./types.ts";

const startsTest =
  /^\s*(?:(?:it|test|specify|describe|context|suite|t\.test)\b[^;]*\(|(?:async )?def test|class |@)/;

const stemOf = (path: string) => path.split("/").at(-1)?.replace(/\..*$/, "") ?? path;

/** Files of tests in which more was done than adding tests, and helpers that were changed. */
function touchedFiles({ differences, texts }: GateFacts, { changes }: TestRuns): readonly string[] {
  const own = new Set(changes.changed);
  return changedFiles(differences, texts)
    .filter(({ path }) => own.has(path) && ["javascript", "python"].includes(languageOf(path) ?? ""))
    .filter(({ hunks }) =>
      hunks.some(({ baseLines, headLines }) => {
        const first = headLines.find((line) => !/^\s*(?:[)\]}]+[;,)]*|#.*|\/[/*].*|\*.*)?$/.test(line)) ?? "";
        return baseLines.some((line) => line.trim() !== "") || !(first === "" || startsTest.test(first));
      }),
    )
    .map(({ path }) => path);
}

/** Tests of base, by the file that they stand in, that a touched file can have changed. */
function candidatesOf(facts: GateFacts, { base, first, second }: TestRuns, touched: readonly string[]) {
  const fileOf = (id: string, file: string | undefined) => file ?? id.split(" > ", 1)[0] ?? "";
  const isPassed = (report: TestReport, id: string) => report.tests.get(id)?.status === "passed";
  const passed = [...base.tests].filter(
    ([id]) => isPassed(base, id) && isPassed(first, id) && isPassed(second, id),
  );
  const reached = (path: string) =>
    touched.some((each) => each === path || facts.texts.head.text(path)?.includes(stemOf(each)));
  return new Map(
    passed.map(([id, { file }]) => [id, fileOf(id, file)] as const).filter(([, path]) => reached(path)),
  );
}

/** Ids of tests; none where nothing but tests was added, or where the runs tell nothing. */
export async function findDulledTests(facts: GateFacts, runs: TestRuns): Promise<string[]> {
  const { alteredTests: altered, limits } = facts;
  const touched = touchedFiles(facts, runs);
  const candidates = candidatesOf(facts, runs, touched);
  if (!altered || candidates.size === 0) return [];
  const tests = [...new Set([...runs.second.tests.values()].flatMap(({ file }) => file ?? []))];
  const own = new Set([...candidates.values(), ...touched]);
  // A module beside them that the runner takes for a test: without it they could not be loaded.
  const named = (path: string) =>
    [...own].some((each) => facts.texts.head.text(each)?.includes(stemOf(path)) === true);
  const only = [...own, ...tests.filter((path) => !own.has(path) && named(path))];
  const timeoutMs = Math.min(limits.mutationSeconds * 1000, (runs.second.durationMs ?? 0) + 5000);
  const run = (withBaseTests: boolean) =>
    altered.run({ how: "hollow", tests, only, withBaseTests, timeoutMs });
  const is = (status: string, report: TestReport | undefined) => (id: string) =>
    report?.tests.get(id)?.status === status;
  const green = [...candidates.keys()].filter(is("passed", await run(false)));
  if (green.length === 0) return [];
  const dulled = green.filter(is("failed", await run(true)));
  if (dulled.length === 0) return [];
  // Chance would not do it twice.
  const again = dulled.filter(is("passed", await run(false))).filter(is("failed", await run(true)));
  return again.filter((id) => !mayChange(facts, runs.changes, { id, file: candidates.get(id) }));
}
