// What the next session may hear of a verdict: item, gate, behaviour in words. Detailed feedback teaches to please checks.
import { hashOf } from "../core/hash.ts";
import type { Verdict } from "../core/verdict.ts";
import { withoutVolatile } from "../gates/volatile.ts";

const longestReason = 1500;

function short(text: string): string {
  return text.length > longestReason ? `${text.slice(0, longestReason)} …` : text;
}

/** Lines of plain text; empty for a verdict that passed. Evidence stays out. */
export function feedbackText(verdict: Verdict): string {
  if (verdict.result === "pass") return "";
  const items = verdict.items.filter(({ result }) => result !== "passed");
  // A gate that an item's reason already names is not told twice.
  const isTold = (name: string) => items.some(({ why }) => why.includes(`${name}: `));
  const gates = verdict.gates.filter(({ name, result }) => result === "fail" && !isTold(name));
  return [
    ...items.map(({ id, result, why }) => `- ${id}: ${result}. ${short(why)}`),
    ...gates.map(({ name, why }) => `- gate ${name} failed: ${short(why)}`),
  ].join("\n");
}

/** Equal for two verdicts that failed alike, times and paths aside. `undefined` for one that passed. */
export function failureSignature(verdict: Verdict): string | undefined {
  if (verdict.result === "pass") return undefined;
  const gates = verdict.gates.filter(({ result }) => result === "fail");
  const items = verdict.items.filter(({ result }) => result !== "passed");
  return hashOf({
    gates: gates.map(({ name, why }) => `${name}: ${withoutVolatile(why)}`).sort(),
    items: items.map(({ id, result }) => `${id}: ${result}`).sort(),
  });
}
