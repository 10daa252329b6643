// Puts the verdict together from what the gates said, and asks for findings when no gate failed. Missing means fail.
import { Problem } from "../core/problem.ts";
import type { UsageByPurpose } from "../core/usage.ts";
import { type GateResult, type ItemResult, overallResult, type Verdict } from "../core/verdict.ts";
import type { GateFacts, GateOutcome } from "../gates/types.ts";
import type { PreparedTrees } from "./set-up.ts";

export interface RanGate {
  readonly name: string;
  readonly outcome: GateOutcome;
}

/** What the verifier's own conversation gets: facts and results, never the builder's words. */
export interface FindingsContext {
  readonly facts: GateFacts;
  /** For copies of head to look at. */
  readonly prepared: PreparedTrees;
  readonly gates: readonly GateResult[];
  readonly items: readonly ItemResult[];
}

export interface FindingsResult {
  readonly gate: GateResult;
  readonly items: readonly ItemResult[];
  readonly doubts: readonly string[];
  readonly usage: UsageByPurpose;
}

/** Asked only when no gate failed. It can add failures; a gate that is shut stays shut. A `Problem` is no verdict. */
export type FindingsStep = (context: FindingsContext) => Promise<FindingsResult>;

export interface VerdictParts {
  readonly identity: Pick<Verdict, "ticket" | "attempt" | "base" | "parent" | "tree" | "frame" | "seal">;
  readonly covered: readonly string[];
  readonly ran: readonly RanGate[];
  /** Gates that the frame names: one that gave no result has failed. */
  readonly named?: readonly string[];
  readonly findings:
    | { readonly skipped: string }
    | { readonly step: FindingsStep; readonly context: Pick<FindingsContext, "facts" | "prepared"> };
}

/** The findings always come after the gates, and have a result of their own. */
function missingGates({ ran, named = [] }: VerdictParts): RanGate[] {
  const why = "missing: the frame names this gate, and it gave no result";
  return named
    .filter((name) => name !== "findings" && !ran.some((gate) => gate.name === name))
    .map((name) => ({ name, outcome: { result: "fail", why, items: [] } }));
}

/** A gate that failed no single item has failed them all. */
function failsWholeChange({ outcome }: RanGate): boolean {
  return outcome.result === "fail" && !outcome.items.some(({ result }) => result !== "passed");
}

function judgeItem(id: string, ran: readonly RanGate[]): ItemResult {
  const whole = ran.filter(failsWholeChange).map(({ name, outcome }) => `${name}: ${outcome.why}`);
  const own = ran.flatMap(({ name, outcome }) =>
    outcome.items.filter((item) => item.id === id).map((item) => ({ ...item, why: `${name}: ${item.why}` })),
  );
  const failed = [...own.filter(({ result }) => result === "failed").map(({ why }) => why), ...whole];
  if (failed.length > 0) return { id, result: "failed", why: failed.join("; ") };
  const unproven = own.find(({ result }) => result === "unproven");
  if (unproven) return unproven;
  const why = own.map((item) => item.why).join("; ");
  return own.length > 0
    ? { id, result: "passed", why }
    : { id, result: "failed", why: "no gate has judged it" };
}

function toResult({ name, outcome }: RanGate): GateResult {
  const { result, why, evidence } = outcome;
  return { name, result, why, ...(evidence === undefined ? {} : { evidence }) };
}

/** A later result of the same name takes the place of the earlier one where it is worse. */
function toResults(ran: readonly RanGate[]): GateResult[] {
  const byName = new Map<string, GateResult>();
  for (const gate of ran) if (byName.get(gate.name)?.result !== "fail") byName.set(gate.name, toResult(gate));
  return [...byName.values()];
}

const skipped = (why: string): FindingsResult => ({
  gate: { name: "findings", result: "skip", why },
  items: [],
  doubts: [],
  usage: {},
});

async function askFindings(
  parts: VerdictParts,
  gates: GateResult[],
  items: ItemResult[],
): Promise<FindingsResult> {
  const { findings } = parts;
  if (gates.some(({ result }) => result === "fail") || gates.length === 0)
    return skipped("a gate failed before it");
  if ("skipped" in findings) return skipped(findings.skipped);
  try {
    return await findings.step({ ...findings.context, gates, items });
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.name : "unknown";
    const why = `the verifier's conversation broke down (${reason})`;
    return { ...skipped(why), gate: { name: "findings", result: "fail", why } };
  }
}

/** An item is worse off only: `failed` beats `unproven` beats `passed`. One that a real conversation left out has failed. */
function withFindings(item: ItemResult, { gate, items }: FindingsResult): ItemResult {
  if (gate.result === "skip" || item.result !== "passed") return item;
  const found = items.find(({ id }) => id === item.id);
  if (!found)
    return {
      id: item.id,
      result: "failed",
      why: `findings: ${gate.result === "fail" ? gate.why : "left it out"}`,
    };
  if (found.result !== "passed") return { ...found, why: `findings: ${found.why}` };
  return item;
}

export async function assembleVerdict(parts: VerdictParts): Promise<Verdict> {
  const ran = [...parts.ran, ...missingGates(parts)];
  const gates = toResults(ran);
  const items = parts.covered.map((id) => judgeItem(id, ran));
  const findings = await askFindings(parts, gates, items);
  const allGates = [...gates, { ...findings.gate, name: "findings" }];
  const allItems = items.map((item) => withFindings(item, findings));
  return {
    ...parts.identity,
    result: overallResult(allItems, allGates),
    items: allItems,
    gates: allGates,
    usage: findings.usage,
    doubts: [...findings.doubts],
  };
}
