// `sealed`: the author is done.
import * as z from "zod";
import { type Answer, accept, refuse, type Tool } from "./types.ts";

export const sealed = {
  name: "sealed",
  roles: ["author"],
  description:
    "Say that all checks are proposed; ends your work. Answered once with the items that no check proves yet.",
  schema: z.object({}),
  example: {},
} satisfies Tool;

export function judgeSealed(facts: { readonly unproven: readonly string[]; readonly isRepeated: boolean }): {
  isDone: boolean;
  answer: Answer;
} {
  if (facts.unproven.length === 0 || facts.isRepeated) return { isDone: true, answer: accept("Sealed.") };
  const text = `Not yet sealed: no check that is red at base proves ${facts.unproven.join(", ")}. Propose one, or call \`sealed\` again if there can be none: a person is then told.`;
  return { isDone: false, answer: refuse(text) };
}
