// `claim`: the builder says that its item is done. Only the verifier decides whether it is.
import * as z from "zod";
import { type Answer, accept, refuse, type Tool } from "./types.ts";

export const claim = {
  name: "claim",
  roles: ["builder"],
  description:
    "Say that the active item is done; ends the session. The first call may be answered with notes on hygiene: clean up, then call again.",
  schema: z.object({ item: z.string(), summary: z.string() }),
  example: { item: "item-1", summary: "Totals are rounded once, at the end; a test covers three items." },
} satisfies Tool;

export interface ClaimFacts {
  readonly activeItem: string;
  readonly isIntakeAccepted: boolean;
  /** What the hygiene gate would say; asked only once. */
  readonly notes: readonly string[];
}

export type ClaimJudgement = { readonly isDone: boolean; readonly isNoted: boolean; readonly answer: Answer };

export function judgeClaim(input: z.output<typeof claim.schema>, facts: ClaimFacts): ClaimJudgement {
  if (!facts.isIntakeAccepted)
    return refused("claim: expected an accepted `intake` first; found none. Read, then call `intake`.");
  if (input.item !== facts.activeItem)
    return refused(
      `claim: expected ${facts.activeItem}, the active item, found ${input.item}. Others have their own session.`,
    );
  if (facts.notes.length > 0) {
    const list = facts.notes.map((note) => `- ${note}`).join("\n");
    const text = `Not yet ended. The hygiene gate would say:\n${list}\nMend what is yours, then call \`claim\` again.`;
    return { isDone: false, isNoted: true, answer: accept(text) };
  }
  return {
    isDone: true,
    isNoted: false,
    answer: accept("Claimed; the verifier decides. The session is over."),
  };
}

function refused(text: string): ClaimJudgement {
  return { isDone: false, isNoted: false, answer: refuse(text) };
}
