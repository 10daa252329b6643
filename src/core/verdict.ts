// `verdict.json`: the verifier's typed answer for one work tree. Nothing else can say "passed".
import * as z from "zod";
import { itemSchema } from "./frame.ts";
import { hashOf } from "./hash.ts";
import { usageByPurposeSchema } from "./usage.ts";

/** Of the check run that a ruleset can require. */
export const checkName = "agent-harness/verifier";

const sha1 = z.string().regex(/^[0-9a-f]{40}$/);

export const gateResultSchema = z.strictObject({
  name: z.string(),
  result: z.enum(["pass", "fail", "skip"]),
  why: z.string(),
  evidence: z.json().optional(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

export const itemResultSchema = z.strictObject({
  id: itemSchema.shape.id,
  result: z.enum(["passed", "failed", "unproven"]),
  why: z.string(),
});
export type ItemResult = z.infer<typeof itemResultSchema>;

export const verdictSchema = z.strictObject({
  ticket: z.string(),
  attempt: z.number().int().positive(),
  base: sha1,
  parent: sha1,
  /** Work tree hash of what was judged. */
  tree: sha1,
  frame: z.string().length(64),
  seal: z.string().length(64),
  result: z.enum(["pass", "fail"]),
  items: z.array(itemResultSchema),
  gates: z.array(gateResultSchema),
  usage: usageByPurposeSchema,
  /** Shown to people: what the verifier's model doubted without proof. */
  doubts: z.array(z.string()).default([]),
});
export type Verdict = z.infer<typeof verdictSchema>;

export function hashVerdict(verdict: Verdict): string {
  return hashOf(verdict);
}

/** `pass` when every item covered is passed and no gate fails; nothing judged is a failure. */
export function overallResult(items: readonly ItemResult[], gates: readonly GateResult[]): "pass" | "fail" {
  const isPass =
    items.length > 0 &&
    items.every((item) => item.result === "passed") &&
    gates.length > 0 &&
    gates.every((gate) => gate.result !== "fail");
  return isPass ? "pass" : "fail";
}

/** Nothing that was judged has failed; what is missing is proof alone, and that depends on base, never on the change. */
export function isOnlyUnproven({ items, gates }: Pick<Verdict, "items" | "gates">): boolean {
  const failed = gates.filter(({ result }) => result === "fail").map(({ name }) => name);
  return (
    items.some(({ result }) => result === "unproven") &&
    items.every(({ result }) => result !== "failed") &&
    failed.every((name) => name === "red-green")
  );
}
