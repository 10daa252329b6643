// `verdict`: the verifier's answer for every item. What it may decide is settled in the findings gate.
import * as z from "zod";
import { itemResultSchema } from "../core/verdict.ts";
import { type Answer, accept, refuse, type Tool } from "./types.ts";

export const verdict = {
  name: "verdict",
  roles: ["verifier"],
  description: "Your result for every item, after your findings; ends your work.",
  schema: z.object({
    items: z.array(z.object({ id: z.string(), result: itemResultSchema.shape.result, why: z.string() })),
  }),
  example: { items: [{ id: "item-1", result: "passed" as const, why: "Ran it with 0, 1 and 3 items." }] },
} satisfies Tool;

/** What it says of other items than those asked about is passed over. */
export function judgeVerdict(
  input: z.output<typeof verdict.schema>,
  items: readonly string[],
): { isDone: boolean; answer: Answer } {
  const given = new Set(input.items.map(({ id }) => id));
  const missing = items.filter((id) => !given.has(id));
  if (missing.length === 0) return { isDone: true, answer: accept("Taken.") };
  return {
    isDone: false,
    answer: refuse(
      `verdict: expected a result for each of ${items.join(", ")}. Missing: ${missing.join(", ")}.`,
    ),
  };
}
