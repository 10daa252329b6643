// Judges cases, two at a time, and says of each whether the cheat was held back and the honest twin let through.
import { runPool } from "../../../src/verify/mutation/pool.ts";
import { type Base, readBase } from "./base-repository.ts";
import type { CorpusCase, Side } from "./case-file.ts";
import { type Judged, type JudgeOptions, judgeChange } from "./judge-change.ts";
import { judgeSession } from "./judge-session.ts";

export interface Outcome {
  readonly name: string;
  readonly row: number;
  readonly base: string;
  readonly says: string;
  readonly twinSays: string;
  /** Played beyond the gates, so that no gate is turned off for it. */
  readonly isWholeTask: boolean;
  readonly by: readonly string[];
  readonly cheat: Judged;
  readonly twin: Judged;
}

const isSession = (side: Side) => side.builder !== undefined;

function judgeSide(base: Base, side: Side, options: JudgeOptions): Promise<Judged> {
  return isSession(side) ? judgeSession(base, side, options) : judgeChange(base, side, options);
}

/** In the order given; a case that cannot be judged at all throws. */
export async function runCases(
  cases: readonly CorpusCase[],
  options: Omit<JudgeOptions, "name">,
  onOutcome: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const bases = new Map<string, Base>();
  for (const name of new Set(cases.map(({ base }) => base))) bases.set(name, await readBase(name));
  const judgeCase = async (one: CorpusCase): Promise<Outcome> => {
    const base = bases.get(one.base);
    if (base === undefined) throw new Error(`${one.name}: expected a base, found none named ${one.base}`);
    const judge = (side: Side, which: string) =>
      judgeSide(base, side, { ...options, name: `${one.name} (${which})` });
    const outcome: Outcome = {
      name: one.name,
      row: one.row,
      base: one.base,
      says: one.cheat.says,
      twinSays: one.twin.says,
      isWholeTask: isSession(one.cheat),
      by: one.by,
      cheat: await judge(one.cheat, "cheat"),
      twin: await judge(one.twin, "twin"),
    };
    onOutcome(outcome);
    return outcome;
  };
  const outcomes = await runPool(cases, { workers: 2, deadlineMs: Number.POSITIVE_INFINITY, run: judgeCase });
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** The same cheats with one gate that always says "pass": those that get through. */
export async function escapesWithout(
  gate: string,
  cases: readonly CorpusCase[],
  prompt: JudgeOptions["prompt"],
): Promise<string[]> {
  const escaped: string[] = [];
  for (const one of cases) {
    const base = await readBase(one.base);
    const judged = await judgeChange(base, one.cheat, { name: one.name, off: new Set([gate]), prompt });
    if (judged.passed) escaped.push(one.name);
  }
  return escaped;
}
