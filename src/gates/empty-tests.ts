// Which tests that the change adds test nothing: they stay green whatever is done to the code, or call it and assert
// nothing. By file: one test that tells something is enough. Where it is not plain, the test is believed.
import type { TestReport } from "../core/test-report.ts";
import type { Alteration, AlteredTests } from "./altered-code.ts";
import { changedFiles } from "./change/changed-files.ts";
import { languageOf } from "./change/language.ts";
import { kindOfPath } from "./change/path-kind.ts";
import { type TestRuns, titlesOf } from "./test-differences.ts";
import { assertsNothing } from "./trivial-assertions.ts";
import type { GateFacts } from "./types.ts";

/** The tests that one file got from the change. */
interface Group {
  readonly path: string;
  readonly ids: readonly string[];
  /** The whole file, and the lines that the change added to it. */
  readonly text: string;
  readonly added: string;
}

export interface EmptyTests {
  readonly ids: readonly string[];
  /** How many files with new tests were looked at, and how many of them tell nothing about it. */
  readonly judged: number;
  readonly unjudged: number;
}

/** A runner that takes every file for a test: it can be a helper of the tests as well. */
const isWholeFile = (id: string, file: string | undefined) => id === (file ?? id.split(" > ", 1)[0]);

function groupsOf({ base, second, changes }: TestRuns, { differences, texts }: GateFacts): Group[] {
  const touched = new Set([...changes.added, ...changes.changed]);
  const titles = new Set([...base.tests.keys()].map(titlesOf));
  const isMoved = (id: string) => titlesOf(id) !== "" && titles.has(titlesOf(id));
  const added = [...second.tests].filter(
    ([id, { status, file }]) =>
      status === "passed" && !base.tests.has(id) && !isMoved(id) && !isWholeFile(id, file),
  );
  const byFile = Map.groupBy(added, ([id, { file }]) => file ?? id.split(" > ", 1)[0] ?? "");
  const files = new Map(changedFiles(differences, texts).map((file) => [file.path, file]));
  return [...byFile].flatMap(([path, tests]) => {
    const text = texts.head.text(path);
    const language = languageOf(path);
    const isKnown = language === "javascript" || language === "python";
    if (text === undefined || !isKnown || !touched.has(path)) return [];
    const lines = files.get(path)?.hunks.flatMap(({ headLines }) => headLines) ?? [];
    return [{ path, ids: tests.map(([id]) => id), text, added: lines.join("\n") }];
  });
}

const aboutTypes = /\b(?:expectTypeOf|assertType|expectType|expectError|reveal_type|tsd)\b|@ts-expect-error/;
const startsProcesses =
  /\b(?:child_process|execa|zx|subprocess|Popen|os\.system|runpy|multiprocessing|worker_threads|new Worker)\b/;
/** It says that nothing goes wrong: that is all it wants to show. */
const aboutNotFailing =
  /\bdoes[_ -]?not[_ -]?(?:throw|reject|raise|crash|fail)|\b(?:not|never)\.(?:to\.)?(?:throw|reject)|\bnotThrows|\bresolves\b|does_not_raise|\b(?:not|never|n't|without)[_ ](?:\w+[_ ]){0,2}(?:throw|rais|crash|fail|error|exception|reject|warn|hang)|\baccepts?\b|\bno[_ ](?:error|exception|crash)/i;

/** Files that are no code, and that a test may be about: documents, data, configuration. */
function namesOtherFile({ added, text }: Group, paths: readonly string[]): boolean {
  const names = new Set(
    paths.flatMap((path) => {
      const kind = kindOfPath(path);
      const name = path.split("/").at(-1) ?? path;
      return kind === "code" || kind === "test" || !name.includes(".") ? [] : [name];
    }),
  );
  return [...names].some((name) => added.includes(name) || text.includes(`/${name}`));
}

function isBelieved(group: Group, paths: readonly string[]): boolean {
  return aboutTypes.test(group.text) || startsProcesses.test(group.text) || namesOtherFile(group, paths);
}

/** It calls the code, and nothing more can be seen that it wants. */
function wantsNothing({ path, ids, added }: Group): boolean {
  const saysSo = aboutNotFailing.test(added) || ids.some((id) => aboutNotFailing.test(id));
  return !saysSo && assertsNothing(path, added);
}

type Told = "red" | "green" | "unknown";

/** Of the group's tests: red where one that ran is red, unknown where none of them could be loaded. */
function told({ ids }: Group, report: TestReport | undefined): Told {
  const statuses = ids.flatMap((id) => report?.tests.get(id)?.status ?? []);
  if (statuses.includes("failed")) return "red";
  return statuses.includes("passed") ? "green" : "unknown";
}

interface Looking {
  readonly altered: AlteredTests;
  readonly timeoutMs: number;
  readonly tests: readonly string[];
  readonly runs: TestRuns;
}

/** Other test files are kept where the group's own name them: a base class, a table. */
function runFor(groups: readonly Group[], { altered, tests, timeoutMs }: Looking) {
  const stem = (path: string) => path.split("/").at(-1)?.replace(/\..*$/, "") ?? path;
  const own = new Set(groups.map(({ path }) => path));
  const only = tests.filter((path) => own.has(path) || groups.some(({ text }) => text.includes(stem(path))));
  return (how: Alteration, withHelpers = false) => altered.run({ how, tests, only, withHelpers, timeoutMs });
}

/** That the tests do not see altered code at all would look the same: some test of base has to notice. */
async function isSeen({ altered, tests, runs, timeoutMs }: Looking): Promise<boolean> {
  const before = [...runs.base.tests].filter(
    ([id, { status }]) => status === "passed" && runs.second.tests.get(id)?.status === "passed",
  );
  if (before.length === 0) return true;
  const report = await altered.run({ how: "throwing", tests, only: tests, timeoutMs });
  return report !== undefined && before.some(([id]) => report.tests.get(id)?.status !== "passed");
}

type Finding = "telling" | "empty" | "unknown";

async function lookInto(group: Group, looking: Looking): Promise<Finding> {
  const run = runFor([group], looking);
  const onBase = told(group, await run("base"));
  if (onBase === "red") return "telling";
  const throwing = told(group, await run("throwing"));
  if (throwing === "unknown") return "unknown";
  if (throwing === "red") return wantsNothing(group) ? "empty" : "telling";
  if (told(group, await run("missing")) === "red") return "telling";
  const unloadable = told(group, await run("unloadable"));
  if (unloadable === "red") return "telling";
  // Some exports stayed as they were, and these tests load code: it may be those that they are about.
  if (unloadable === "unknown" && looking.altered.opaque().length > 0) return "unknown";
  if (told(group, await run("hollow", true)) === "red") return "unknown";
  return (await isSeen(looking)) ? "empty" : "unknown";
}

/** Code that does nothing can make a test wait for ever. */
function timeFor({ second }: TestRuns, { limits }: GateFacts): number {
  return Math.min(limits.mutationSeconds * 1000, (second.durationMs ?? 0) + 5000);
}

/** One run of the new tests for most changes; more only for those that it leaves open. */
export async function findEmptyTests(facts: GateFacts, runs: TestRuns): Promise<EmptyTests> {
  const { alteredTests: altered } = facts;
  const all = groupsOf(runs, facts);
  const open = all.filter((group) => !isBelieved(group, facts.texts.head.paths));
  if (!altered || open.length === 0) return { ids: [], judged: 0, unjudged: all.length };
  const tests = [...new Set([...runs.second.tests.values()].flatMap(({ file }) => file ?? []))];
  const looking = { altered, tests, runs, timeoutMs: timeFor(runs, facts) };
  const hollow = await runFor(open, looking)("hollow");
  const findings: { readonly group: Group; readonly finding: Finding }[] = [];
  for (const group of open) {
    const first = told(group, hollow);
    const finding =
      first === "red" ? "telling" : first === "unknown" ? first : await lookInto(group, looking);
    findings.push({ group, finding });
  }
  const unknown = findings.filter(({ finding }) => finding === "unknown").length;
  return {
    ids: findings.flatMap(({ group, finding }) => (finding === "empty" ? group.ids : [])),
    judged: open.length - unknown,
    unjudged: all.length - open.length + unknown,
  };
}
