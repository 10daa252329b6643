// The barrier: the check run on the head, and the draft's end. Draft is display; the check is what a ruleset can require.
import type { Effect } from "../core/effect.ts";
import { branchName } from "../core/frame.ts";
import { parseLedger } from "../core/ledger.ts";
import { checkSummary, checkTitle } from "../render/pull-request.ts";
import { requestOptions } from "../render/review.ts";
import { turnMarker } from "../render/turn.ts";
import type { Draft } from "./draft.ts";

export function planCheck(draft: Draft): Effect[] {
  const { facts, record, task, head } = draft;
  const isReady = task.readyTree !== undefined && task.readyTree === head.tree;
  if (!isReady && task.verdict === undefined && !head.isPushed) return [];
  const verdict = facts.verdict?.tree === head.tree ? facts.verdict : undefined;
  const conclusion = isReady ? "success" : "failure";
  const title = checkTitle(verdict, record.frame.items.length);
  const summary = checkSummary(verdict, requestOptions(record.frame));
  const { check } = facts;
  const isSame = check?.headSha === facts.head?.sha && check?.conclusion === conclusion && !movesHead(draft);
  return isSame ? [] : [{ type: "check", conclusion, title, summary }];
}

/** Every commit to the branch makes a new head, which has no check yet. */
function movesHead({ entries, record }: Draft): boolean {
  return entries.length > 0 && record.ref.startsWith("heads/");
}

export function planReady({ facts, record, task, head, ledgerText }: Draft): Effect[] {
  if (task.readyTree === undefined || task.readyTree !== head.tree || !facts.pull?.isDraft) return [];
  const seq = parseLedger(ledgerText).findLast(({ type }) => type === "ready")?.seq;
  const isTold = facts.ours.some(({ marker }) => marker === turnMarker(record.frame.task, String(seq)));
  // A person who made it a draft again after it was ready is left alone.
  return isTold
    ? []
    : [{ type: "mark-ready" }, { type: "confirm-head", branch: branchName(record.frame.task) }];
}
