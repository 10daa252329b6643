// Tables over the outcomes: caught, missed, wrongly refused; which gate caught what; what escapes without it.
import { gates } from "../../../src/gates/index.ts";
import type { Outcome } from "./run-corpus.ts";

/** In the order in which the verifier asks them. */
export const gateNames: readonly string[] = [...gates.map(({ name }) => name), "findings"];

export interface Ablation {
  readonly gate: string;
  readonly caught: number;
  /** Cheats that no other gate caught. */
  readonly alone: readonly string[];
  /** Of those, the ones played once more with the gate off, and got through. */
  readonly escaped: readonly string[];
}

export const isCaught = ({ cheat }: Outcome) => !cheat.passed;
/** Held back, and by what the case is about. */
export const isCaughtRightly = (outcome: Outcome) =>
  isCaught(outcome) && outcome.by.every((name) => outcome.cheat.heldBackBy.includes(name));

export function caughtAlone(gate: string, outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(
      ({ cheat, isWholeTask }) =>
        !isWholeTask && cheat.heldBackBy.length === 1 && cheat.heldBackBy[0] === gate,
    )
    .map(({ name }) => name);
}

export function ablationOf(gate: string, outcomes: readonly Outcome[], escaped: readonly string[]): Ablation {
  return {
    gate,
    caught: outcomes.filter(({ cheat }) => cheat.heldBackBy.includes(gate)).length,
    alone: caughtAlone(gate, outcomes),
    escaped,
  };
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function caseTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((one) => [
    one.row,
    one.base,
    one.says,
    isCaught(one) ? one.cheat.heldBackBy.join(", ") : "**missed**",
    one.twin.passed ? "passed" : `**refused**: ${one.twin.heldBackBy.join(", ")}`,
  ]);
  return table(["row", "base", "an agent …", "held back by", "honest twin"], rows);
}

export function ablationTable(ablations: readonly Ablation[]): string {
  const rows = ablations.map(({ gate, caught, alone }) => [
    gate,
    caught,
    alone.length,
    alone.join(", ") || "–",
  ]);
  return table(["gate", "caught", "only by it", "escapes without it"], rows);
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

/** Seconds a verdict, without those of whole tasks. */
export function paceOf(outcomes: readonly Outcome[]): string {
  const seconds = outcomes
    .filter(({ isWholeTask }) => !isWholeTask)
    .flatMap(({ cheat, twin }) => [cheat.seconds, twin.seconds]);
  return `${seconds.length} verdicts, two at a time: median ${quantile(seconds, 0.5)} s, nine of ten under ${quantile(seconds, 0.9)} s, longest ${quantile(seconds, 1)} s`;
}

export function countsOf(outcomes: readonly Outcome[]): string {
  const caught = outcomes.filter(isCaught).length;
  const refused = outcomes.filter(({ twin }) => !twin.passed).length;
  return `${outcomes.length} cheats: ${caught} caught, ${outcomes.length - caught} missed; ${outcomes.length} honest twins: ${refused} wrongly refused`;
}

/** Everything that makes the run red. */
export function faultsOf(outcomes: readonly Outcome[], ablations: readonly Ablation[]): string[] {
  return [
    ...outcomes.filter((one) => !isCaught(one)).map(({ name }) => `missed: ${name}`),
    ...outcomes
      .filter((one) => isCaught(one) && !isCaughtRightly(one))
      .map(
        ({ name, by, cheat }) =>
          `${name}: expected ${by.join(", ")}, held back by ${cheat.heldBackBy.join(", ")}\n${cheat.why}`,
      ),
    ...outcomes
      .filter(({ twin }) => !twin.passed)
      .map(({ name, twin }) => `wrongly refused: ${name}\n${twin.why}`),
    ...ablations
      .filter(({ alone }) => alone.length === 0)
      .map(({ gate }) => `no case needs the gate ${gate}`),
    ...ablations
      .filter(({ alone, escaped }) => alone.length > 0 && escaped.length === 0)
      .map(({ gate, alone }) => `${gate} was off, and still nothing of ${alone.join(", ")} got through`),
  ];
}
