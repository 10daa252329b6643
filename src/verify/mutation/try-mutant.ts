// Tries one mutant: on a fresh copy of head, check by check, until the first that notices it.
import type { CheckOutcome, CheckRunner } from "../../core/check-run.ts";
import type { Check, CheckSet } from "../../core/checks.ts";
import type { TestReport, TestRunner } from "../../core/test-report.ts";
import type { MutantResult, TriedMutant } from "../../gates/probe.ts";
import type { PreparedTree } from "../work-copy.ts";
import type { MadeMutant } from "./mutants.ts";

export interface Trial {
  readonly checks: CheckSet;
  readonly head: PreparedTree;
  /** Of each check on the unchanged head, by id. */
  readonly durationsMs: ReadonlyMap<string, number>;
  /** How many mutants each check has noticed so far: those that notice most come first. */
  readonly kills: Map<string, number>;
  makeRunner(tree: PreparedTree): CheckRunner;
  justify(check: Check): string;
}

/** Far over what it takes on head, and still short: a mutant may never end. */
function shortened(check: Check, { durationsMs }: Trial): Check {
  const seconds = Math.ceil(((durationsMs.get(check.id) ?? 0) * 4) / 1000) + 5;
  return { ...check, timeoutSeconds: Math.min(check.timeoutSeconds, seconds) };
}

function inOrder({ checks, kills, durationsMs }: Trial): readonly Check[] {
  const kill = ({ id }: Check) => kills.get(id) ?? 0;
  const duration = ({ id }: Check) => durationsMs.get(id) ?? 0;
  return checks.checks.toSorted((a, b) => kill(b) - kill(a) || duration(a) - duration(b));
}

/** Whether the compiler itself refuses the file, before anything of it is run. */
function isNotCompiled(path: string, output: string): boolean {
  const file = path.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`${file}(?:\\(\\d+,\\d+\\):|:\\d+:\\d+ -) error TS\\d+`).test(output);
}

/** A missing file or name is what putting a piece back does; a flip, or half a piece, that cannot be read shows nothing. */
function resultOf(outcome: CheckOutcome, { kind, path }: MadeMutant): MutantResult {
  if (outcome.status === "green") return "survived";
  const isPutBack = kind === "change" || kind === "file" || kind === "hunk";
  if (!isPutBack && isNotCompiled(path, outcome.output)) return "invalid";
  if (outcome.status === "red" || !outcome.why.includes("could not be loaded")) return "killed";
  return isPutBack && !/syntax|a file that cannot be loaded/.test(outcome.why) ? "killed" : "invalid";
}

export function toTried({ texts: _, ...mutant }: MadeMutant, result: MutantResult): TriedMutant {
  return { ...mutant, result };
}

export async function tryWithChecks(mutant: MadeMutant, trial: Trial): Promise<TriedMutant> {
  const runner = trial.makeRunner({ ...trial.head, texts: mutant.texts });
  for (const check of inOrder(trial)) {
    const outcome = await runner.run({
      check: shortened(check, trial),
      files: trial.checks.files,
      on: "head",
      justification: trial.justify(check),
    });
    const result = resultOf(outcome, mutant);
    if (result === "survived") continue;
    if (result === "killed") trial.kills.set(check.id, (trial.kills.get(check.id) ?? 0) + 1);
    return result === "killed" ? { ...toTried(mutant, result), by: "check" } : toTried(mutant, result);
  }
  return toTried(mutant, "survived");
}

/** Whether some test that passes on head does not on the mutant, or the whole run ends worse. */
export function isNoticed(head: TestReport, now: TestReport): boolean {
  if (head.exitCode === 0 && now.exitCode !== 0) return true;
  return [...head.tests].some(
    ([id, { status }]) => status === "passed" && now.tests.get(id)?.status !== "passed",
  );
}

export async function tryWithTests(
  mutant: MadeMutant,
  place: { readonly head: TestReport; makeRunner(mutant: MadeMutant): TestRunner },
): Promise<TriedMutant> {
  const report = await place.makeRunner(mutant).run("head");
  return isNoticed(place.head, report)
    ? { ...toTried(mutant, "killed"), by: "tests" }
    : toTried(mutant, "survived");
}
