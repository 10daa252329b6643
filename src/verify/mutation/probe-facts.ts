// What the gates on the change itself get to know: its texts, and a prober that has not begun.
import type { Check, CheckSet } from "../../core/checks.ts";
import type { Frame } from "../../core/frame.ts";
import type { TestReport, TestRunner } from "../../core/test-report.ts";
import { changedFiles } from "../../gates/change/changed-files.ts";
import type { GateFacts } from "../../gates/types.ts";
import type { Sandbox } from "../../ports.ts";
import type { CheckSurroundings } from "../check-surroundings.ts";
import type { PreparedTrees } from "../set-up.ts";
import type { Trees } from "../trees.ts";
import { createProber } from "./prober.ts";
import { readTreeTexts } from "./tree-texts.ts";

/** Remembers how long the tests took, since the time for mutants is counted by it. A run is asked for more than once. */
function timed(runner: TestRunner): { readonly runner: TestRunner; longestMs(): number } {
  let longestMs = 0;
  const run: TestRunner["run"] = async (...which) => {
    const start = performance.now();
    const report = await runner.run(...which);
    longestMs = Math.max(longestMs, performance.now() - start);
    return report;
  };
  return { runner: { ...runner, run }, longestMs: () => longestMs };
}

/** Where set-up builds, head has been built in a folder of its own. */
function isBuilt(trees: Trees, prepared: PreparedTrees): boolean {
  return prepared.head.directory !== trees.head.directory;
}

const noReport: TestReport = {
  ...{ countedBy: "exit-code", tests: new Map(), exitCode: null, output: "", timedOut: false },
  how: "there is no test command",
};

export function probeFacts(given: {
  readonly trees: Trees;
  readonly prepared: PreparedTrees;
  readonly frame: Frame;
  readonly covered: readonly string[];
  readonly checks: CheckSet;
  readonly sandbox: Sandbox;
  readonly scratch: string;
  readonly testRunner: TestRunner | undefined;
  readonly surroundings: CheckSurroundings;
  readonly longestCapMs: number;
  justify(check: Check): string;
}): Pick<GateFacts, "texts" | "prober" | "testRunner"> {
  const { trees, prepared, frame, sandbox, scratch, surroundings, longestCapMs, justify } = given;
  const texts = {
    base: readTreeTexts(trees.base.directory, trees.base.listing),
    head: readTreeTexts(trees.head.directory, trees.head.listing),
  };
  const covered = new Set(given.covered);
  const checks = { ...given.checks, checks: given.checks.checks.filter(({ item }) => covered.has(item)) };
  const tests = given.testRunner === undefined ? undefined : timed(given.testRunner);
  const prober = createProber({
    files: changedFiles(trees.differences, texts),
    ...{ texts, checks, justify, sandbox, scratch, surroundings, longestCapMs },
    base: prepared.base,
    head: prepared.head,
    isBuilt: isBuilt(trees, prepared),
    testCommand: tests === undefined ? null : frame.test,
    change: { differences: trees.differences, texts },
    headReport: async (suite) => (await tests?.runner.run(suite)) ?? noReport,
    plainTestMs: () => tests?.longestMs(),
  });
  return { texts, prober, testRunner: tests?.runner };
}
