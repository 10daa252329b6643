// The one new comment when the state turns: a question, a stop, ready. Never twice for the same entry.
import type { Effect } from "../core/effect.ts";
import { parseLedger } from "../core/ledger.ts";
import { askingComment, readyComment, stoppedComment, turnMarker } from "../render/turn.ts";
import type { Draft } from "./draft.ts";

export function planTurn({ facts, record, task, ledgerText }: Draft): Effect[] {
  const { frame } = record;
  const once = (seq: number, body: string): Effect[] => {
    const marker = turnMarker(frame.task, String(seq));
    return facts.ours.some((comment) => comment.marker === marker)
      ? []
      : [{ type: "comment", on: "pull", marker, body }];
  };
  const { waiting } = task;
  if (waiting) {
    const render = waiting.kind === "asking" ? askingComment : stoppedComment;
    return once(waiting.seq, render({ frame, task }, waiting));
  }
  if (task.readyTree === undefined) return [];
  const seq = parseLedger(ledgerText).findLast(({ type }) => type === "ready")?.seq ?? 0;
  const count = frame.items.length;
  return once(seq, readyComment(frame.task, seq, `${count} ${count === 1 ? "item" : "items"}`));
}
