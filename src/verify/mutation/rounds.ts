// Tries mutants in rounds until their number or the time is used up, and keeps what each gave.
import type { TriedMutant } from "../../gates/probe.ts";
import type { MadeMutant } from "./mutants.ts";
import { runPool } from "./pool.ts";
import { type Trial, toTried, tryWithChecks } from "./try-mutant.ts";

export interface Rounds {
  readonly trial: Trial;
  readonly deadlineMs: number;
  readonly workers: number;
  readonly most: number;
  readonly tried: { readonly made: MadeMutant; tried: TriedMutant }[];
}

export async function round(rounds: Rounds, mutants: readonly MadeMutant[]): Promise<void> {
  const { tried, most, workers, deadlineMs, trial } = rounds;
  const now = mutants.slice(0, Math.max(0, most - tried.length));
  const run = (made: MadeMutant) => tryWithChecks(made, trial);
  const results = await runPool(now, { workers, deadlineMs, run });
  for (const [index, made] of now.entries())
    tried.push({ made, tried: results[index] ?? toTried(made, "untried") });
}

/** A line is proved by the first flip that is noticed; only where that one survives, or cannot be read, comes another. */
export async function flipRounds(rounds: Rounds, lines: readonly (readonly MadeMutant[])[]): Promise<void> {
  let open = lines;
  for (let turn = 0; turn < 3 && open.length > 0; turn++) {
    const from = rounds.tried.length;
    await round(
      rounds,
      open.flatMap((flips) => flips.slice(turn, turn + 1)),
    );
    const noticed = new Set(
      rounds.tried.slice(from).flatMap(({ made, tried }) => (tried.result === "killed" ? [made] : [])),
    );
    open = open.filter((flips) => flips.length > turn + 1 && !flips.some((flip) => noticed.has(flip)));
  }
}

export function resultsOf({ tried }: Rounds): TriedMutant[] {
  return tried.map((each) => each.tried);
}
