// Survivors once more, now against the repository's tests as the change has them: the builder's own tests count here.

import type { TestReport, TestRunner } from "../../core/test-report.ts";
import type { Probe, TriedMutant } from "../../gates/probe.ts";
import type { MadeMutant } from "./mutants.ts";
import { runPool } from "./pool.ts";
import { type Rounds, resultsOf } from "./rounds.ts";
import { tryWithTests } from "./try-mutant.ts";

/** Pieces before lines, as long again as the first part may take. `headReport` is of the change without any mutant. */
export async function trySurvivors(
  { probe, rounds }: { readonly probe: Probe; readonly rounds: Rounds },
  tests: { headReport(suite: "head"): Promise<TestReport>; makeRunner(mutant: MadeMutant): TestRunner },
): Promise<Probe> {
  const survivors = rounds.tried.filter(
    ({ tried: { result, kind } }) => result === "survived" && kind !== "poison",
  );
  if (survivors.length === 0) return probe;
  const start = performance.now();
  const place = { head: await tests.headReport("head"), makeRunner: tests.makeRunner };
  const run = async (each: { readonly made: MadeMutant; tried: TriedMutant }) => {
    each.tried = await tryWithTests(each.made, place);
    return true;
  };
  const { workers } = rounds;
  const done = await runPool(survivors, { workers, deadlineMs: start + probe.capMs, run });
  const left = done.filter((each) => each === undefined).length;
  const how = `${probe.how}; ${survivors.length - left} of ${survivors.length} survivors were tried on the tests`;
  const durationMs = probe.durationMs + Math.round(performance.now() - start);
  return { ...probe, mutants: resultsOf(rounds), how, durationMs };
}
