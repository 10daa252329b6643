// Gate: each check in force is as stated on base and green on head, in fresh processes, in both environments.

import type { CheckOutcome } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import type { ItemResult } from "../core/verdict.ts";
import { exampleFacts, recordedChecks } from "./example-facts.ts";
import type { Gate, GateFacts } from "./types.ts";

interface CheckRuns {
  readonly check: Check;
  /** Configured, then turned; the second is left out where the first has settled it. */
  readonly base: readonly CheckOutcome[];
  readonly head: readonly CheckOutcome[];
  /** What is wrong, in words that give nothing of the check away but its behaviour. */
  readonly fault: string | undefined;
}

async function runTwice(
  facts: GateFacts,
  check: Check,
  on: "base" | "head",
): Promise<readonly CheckOutcome[]> {
  const request = { check, files: facts.checks.files, on, justification: facts.justify(check) };
  const first = await facts.checkRunner.run({ ...request, environment: "configured" });
  if (first.status === "broken") return [first];
  return [first, await facts.checkRunner.run({ ...request, environment: "turned" })];
}

function faultOf(
  check: Check,
  base: readonly CheckOutcome[],
  head: readonly CheckOutcome[],
): string | undefined {
  const differs = ([first, second]: readonly CheckOutcome[]) =>
    second !== undefined && second.status !== first?.status;
  const unstable = "differs between two runs (flaky, or it depends on CI, NODE_ENV and the like)";
  if (differs(base)) return `on base, its result ${unstable}`;
  const broken = (outcomes: readonly CheckOutcome[]) => outcomes.find(({ status }) => status === "broken");
  const onBase = broken(base);
  if (onBase) return `it proves nothing on base: ${onBase.why}`;
  if (base.some(({ status }) => status !== check.onBase))
    return `it should be ${check.onBase} on base, it is ${base[0]?.status}`;
  if (differs(head) && !broken(head)) return `on the change, its result ${unstable}`;
  const onHead = broken(head);
  if (onHead) return `on the change, ${onHead.why}`;
  return head.every(({ status }) => status === "green") ? undefined : "the behaviour is not there";
}

/** Base and head at once, checks one after the other: runners have few cores, and time limits are meant for an idle one. */
async function judgeChecks(facts: GateFacts, checks: readonly Check[]): Promise<readonly CheckRuns[]> {
  const runs: CheckRuns[] = [];
  for (const check of checks) {
    const [base, head] = await Promise.all([runTwice(facts, check, "base"), runTwice(facts, check, "head")]);
    runs.push({ check, base, head, fault: faultOf(check, base, head) });
  }
  return runs;
}

function isProvedRed({ check, base }: CheckRuns): boolean {
  return check.onBase === "red" && base.length === 2 && base.every(({ status }) => status === "red");
}

/** The behaviour of a held-out check would tell the next session what to please. */
function told({ check, fault }: CheckRuns): string {
  return `${check.heldOut ? "a held-out check" : `the check "${check.behaviour}"`}: ${fault}`;
}

function judgeItem(id: string, runs: readonly CheckRuns[]): ItemResult {
  const own = runs.filter(({ check }) => check.item === id);
  const failing = own.filter(({ fault }) => fault !== undefined);
  if (failing.length > 0) return { id, result: "failed", why: [...new Set(failing.map(told))].join("; ") };
  if (!own.some(isProvedRed))
    return {
      id,
      result: "unproven",
      why: "no check of it is red on base, so nothing shows that the change brings it",
    };
  return { id, result: "passed", why: `${own.length} ${own.length === 1 ? "check" : "checks"} red to green` };
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
      base: statuses(base),
      head: statuses(head),
      ...(fault === undefined ? {} : { fault, output: head.at(-1)?.output ?? "" }),
    })),
    heldOut: { count: heldOut.length, failed: heldOut.filter(({ fault }) => fault !== undefined).length },
  };
}

export const redGreen: Gate = {
  name: "red-green",
  summary: "Each check is as stated on base and green on the change, twice, in fresh processes.",
  async run(facts) {
    const covered = new Set(facts.covered);
    const inForce = facts.checks.checks.filter(({ item }) => covered.has(item));
    const runs = await judgeChecks(facts, inForce);
    const items = facts.covered.map((id) => judgeItem(id, runs));
    const bad = items.filter(({ result }) => result !== "passed");
    const evidence = evidenceOf(runs);
    if (bad.length === 0 && items.length > 0)
      return { result: "pass", why: `${runs.length} checks hold`, evidence, items };
    const why = bad.map(({ id, why: reason }) => `${id}: ${reason}`).join("; ");
    return { result: "fail", why: why === "" ? "no item is covered" : why, evidence, items };
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({ checkRunner: recordedChecks({ base: "red", head: "red" }) }),
  },
};
