// Gate: each check in force is as stated on base and green on head, in fresh processes, in both environments, and not by
// chance.
import type { CheckOutcome } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import type { ItemResult } from "../core/verdict.ts";
import { canFail } from "./can-fail.ts";
import { exampleFacts, recordedChecks } from "./example-facts.ts";
import {
  allowanceFor,
  type CheckRun,
  type On,
  repeat,
  runTwice,
  statusOf,
  steadinessOf,
  steadyAfter,
} from "./steady.ts";
import type { Gate, GateFacts } from "./types.ts";

interface CheckRuns {
  readonly check: Check;
  /** Configured and turned by turns; one alone where it proves nothing. */
  readonly base: readonly CheckRun[];
  readonly head: readonly CheckRun[];
  /** What is wrong, in words that give nothing of the check away but its behaviour; begins with its name. */
  readonly fault: string | undefined;
}

const places: Readonly<Record<On, string>> = { base: "on base", head: "on the change" };

function unsteadiness(runs: readonly CheckRun[], on: On): string | undefined {
  const steadiness = steadinessOf(runs, on);
  if (steadiness === "steady") return undefined;
  if (steadiness === "flaky") return `flaky: ${places[on]}, its result differs between runs that are alike`;
  return `depends on its environment: ${places[on]}, its result differs once CI, NODE_ENV and the like are turned round`;
}

function faultOf(check: Check, base: readonly CheckRun[], head: readonly CheckRun[]): string | undefined {
  const brokenOn = (runs: readonly CheckRun[], on: On) => {
    const run = runs.find((each) => statusOf(each, on) === "broken");
    return run && `${run.why} (${places[on]})`;
  };
  const hindered = base.find((run) => run.status === "broken" && statusOf(run, "base") === "red");
  const isGreen = head.every(({ status }) => status === "green");
  if (hindered && !isGreen) return `${hindered.why} (${places.base})`;
  const onBase = brokenOn(base, "base") ?? unsteadiness(base, "base");
  if (onBase) return onBase;
  const [first] = base;
  if (first === undefined || statusOf(first, "base") !== check.onBase)
    return `wrong on base: it should be ${check.onBase} on base, it is ${first?.status}`;
  const onHead = brokenOn(head, "head") ?? unsteadiness(head, "head");
  if (onHead) return onHead;
  return isGreen ? undefined : "the behaviour is not there";
}

const harmless =
  "cannot fail: on the change it stays green even where it asks for the impossible, so something keeps it from failing";

/** Base and head at once, checks one after the other: runners have few cores, and time limits are meant for an idle one. */
async function judgeChecks(facts: GateFacts, checks: readonly Check[]): Promise<readonly CheckRuns[]> {
  const runs: CheckRuns[] = [];
  const allowance = allowanceFor(checks.length, facts.limits.repeatSeconds);
  for (const check of checks) {
    const [onBase, onHead] = [{ facts, check, on: "base" } as const, { facts, check, on: "head" } as const];
    const [firstBase, firstHead] = await Promise.all([runTwice(onBase), runTwice(onHead)]);
    const isHopeless = firstBase.length === 1 || firstHead.length === 1;
    const base = isHopeless ? firstBase : await repeat(firstBase, onBase, allowance);
    const head = isHopeless ? firstHead : await repeat(firstHead, onHead, allowance);
    allowance.checksLeft -= 1;
    const fault = faultOf(check, base, head) ?? ((await canFail(facts, check)) ? undefined : harmless);
    runs.push({ check, base, head, fault });
  }
  return runs;
}

function isProvedRed({ check, base }: CheckRuns): boolean {
  return check.onBase === "red" && base.length > 1 && base.every((run) => statusOf(run, "base") === "red");
}

/** The behaviour of a held-out check would tell the next session what to please. */
function told({ check, fault }: CheckRuns): string {
  return `${check.heldOut ? "a held-out check" : `the check "${check.behaviour}"`}: ${fault}`;
}

function judgeItem(id: string, runs: readonly CheckRuns[]): ItemResult {
  const own = runs.filter(({ check }) => check.item === id);
  const failing = own.filter(({ fault }) => fault !== undefined);
  if (failing.length > 0) return { id, result: "failed", why: [...new Set(failing.map(told))].join("; ") };
  if (own.length === 0)
    return { id, result: "unproven", why: "no check: nothing shows that the change brings it" };
  if (!own.some(isProvedRed))
    return {
      id,
      result: "unproven",
      why: "not proved: none of its checks is red on base, so nothing shows that the change brings it",
    };
  return { id, result: "passed", why: `${own.length} ${own.length === 1 ? "check" : "checks"} red to green` };
}

/** How often the checks that hold were run on the change; a slow one seldom, and that is said. */
function howOften(runs: readonly CheckRuns[]): string {
  const counts = runs.map(({ head }) => head.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const often = least === most ? `${most} times` : `${least} to ${most} times`;
  const slow = least < steadyAfter.green ? ", some too slow for more" : "";
  return `each run ${often} on the change${slow}`;
}

/** Of visible checks everything; of held-out ones only how many there are, and how many do not hold. */
function evidenceOf(runs: readonly CheckRuns[]) {
  const statuses = (outcomes: readonly CheckOutcome[]) => outcomes.map(({ status }) => status);
  const heldOut = runs.filter(({ check }) => check.heldOut);
  const visible = runs.filter(({ check }) => !check.heldOut);
  return {
    visible: visible.map(({ check, base, head, fault }) => ({
      id: check.id,
      item: check.item,
      behaviour: check.behaviour,
      base: statuses(base),
      head: statuses(head),
      ...(fault === undefined ? {} : { fault, output: head.at(-1)?.output ?? "" }),
    })),
    heldOut: {
      count: heldOut.length,
      failed: heldOut.filter(({ fault }) => fault !== undefined).length,
      items: countedByItem(heldOut),
    },
  };
}

function countedByItem(runs: readonly CheckRuns[]): Record<string, number> {
  const byItem = Map.groupBy(runs, ({ check }) => check.item);
  return Object.fromEntries([...byItem].map(([item, own]) => [item, own.length]));
}

export const redGreen: Gate = {
  name: "red-green",
  summary: "Each check is as stated on base and green on the change, time after time, in fresh processes.",
  async run(facts) {
    const covered = new Set(facts.covered);
    const inForce = facts.checks.checks.filter(({ item }) => covered.has(item));
    const runs = await judgeChecks(facts, inForce);
    const items = facts.covered.map((id) => judgeItem(id, runs));
    const bad = items.filter(({ result }) => result !== "passed");
    const evidence = evidenceOf(runs);
    if (bad.length === 0 && items.length > 0)
      return { result: "pass", why: `${runs.length} checks hold (${howOften(runs)})`, evidence, items };
    const why = bad.map(({ id, why: reason }) => `${id}: ${reason}`).join("; ");
    return { result: "fail", why: why === "" ? "no item is covered" : why, evidence, items };
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({ checkRunner: recordedChecks({ base: "red", head: "red" }) }),
  },
};
