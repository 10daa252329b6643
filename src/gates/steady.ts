// Runs one check on one tree until its result is steady: how often that takes, what it may cost, and what two different
// results mean. What the results prove is the gate `red-green`'s to say.
import type { CheckOutcome } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import type { GateFacts } from "./types.ts";

/**
 * Runs after which a result counts as steady. A check that is red one time in three by chance is green twelve times in a
 * row in 0.8 % of all cases (two thirds to the twelfth), and red four times in 1.2 %.
 */
export const steadyAfter = { red: 4, green: 12 } as const;

export type On = "base" | "head";

/** Of base, what failed for want of the network still shows that the behaviour was not there, once it is on the change. */
export function statusOf({ status, fault }: CheckOutcome, on: On): CheckOutcome["status"] {
  return on === "base" && fault === "needs the network" ? "red" : status;
}

export interface CheckRun extends CheckOutcome {
  readonly environment: "configured" | "turned";
}

/** `environment`: alike in each of the two environments, and not alike in both. */
export type Steadiness = "steady" | "flaky" | "environment";

export function steadinessOf(runs: readonly CheckRun[], on: On): Steadiness {
  const statuses = (own: readonly CheckRun[]) => new Set(own.map((run) => statusOf(run, on)));
  if (statuses(runs).size < 2) return "steady";
  const isMixed = (["configured", "turned"] as const).some(
    (name) => statuses(runs.filter(({ environment }) => environment === name)).size > 1,
  );
  return isMixed ? "flaky" : "environment";
}

export interface Place {
  readonly facts: Pick<GateFacts, "checkRunner" | "checks" | "justify">;
  readonly check: Check;
  readonly on: On;
}

async function runIn({ facts, check, on }: Place, environment: CheckRun["environment"]): Promise<CheckRun> {
  const request = { check, files: facts.checks.files, on, environment, justification: facts.justify(check) };
  return { ...(await facts.checkRunner.run(request)), environment };
}

/** Once in each environment; what proves nothing is not run again. */
export async function runTwice(place: Place): Promise<readonly CheckRun[]> {
  const first = await runIn(place, "configured");
  if (statusOf(first, place.on) === "broken") return [first];
  return [first, await runIn(place, "turned")];
}

/** Green on base, as stated, is no proof of anything: it need not be steady. */
function isSettled(runs: readonly CheckRun[], { check, on }: Place): boolean {
  if (runs.some((run) => statusOf(run, on) === "broken")) return true;
  const steadiness = steadinessOf(runs, on);
  if (steadiness === "flaky") return true;
  if (steadiness === "environment") return runs.length >= 2 * steadyAfter.red;
  const [first] = runs;
  if (first === undefined || (on === "base" && first.status === "green" && check.onBase === "green"))
    return true;
  return runs.length >= (first.status === "green" ? steadyAfter.green : steadyAfter.red);
}

/** Time for repeats, shared by all checks: what one leaves over, the next ones have. */
export interface Allowance {
  leftMs: number;
  checksLeft: number;
}

/** `seconds`: for all runs of all checks beyond the first two on base and on the change; slow checks get fewer. */
export function allowanceFor(checks: number, seconds: number): Allowance {
  return { leftMs: seconds * 1000, checksLeft: checks };
}

/** Two at once, one in each environment, until the result is settled or this check's share of the time is used up. */
export async function repeat(
  first: readonly CheckRun[],
  place: Place,
  allowance: Allowance,
): Promise<readonly CheckRun[]> {
  const runs = [...first];
  const share = allowance.leftMs / Math.max(1, allowance.checksLeft);
  let spentMs = 0;
  while (!isSettled(runs, place)) {
    const expectedMs = Math.max(...runs.map(({ durationMs }) => durationMs));
    if (spentMs + expectedMs > share) break;
    const pair = await Promise.all([runIn(place, "configured"), runIn(place, "turned")]);
    runs.push(...pair);
    spentMs += Math.max(...pair.map(({ durationMs }) => durationMs));
  }
  allowance.leftMs -= spentMs;
  return runs;
}
