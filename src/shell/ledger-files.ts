// The ledger's two files, and the view they and the comment are rendered from.
import type { FileChange } from "../core/facts.ts";
import { type Frame, framePath } from "../core/frame.ts";
import { type EntryDraft, parseLedger } from "../core/ledger.ts";
import type { RunMode } from "../core/task.ts";
import { foldTask } from "../core/task.ts";
import { type LedgerView, ledgerDocument } from "../render/ledger.ts";

export function ledgerFiles(frame: Frame, ledgerText: string): FileChange[] {
  const folder = framePath(frame.task);
  return [
    { path: `${folder}/ledger.jsonl`, text: ledgerText },
    { path: `${folder}/LEDGER.md`, text: ledgerDocument(ledgerView(frame, ledgerText)) },
  ];
}

export function ledgerView(frame: Frame, ledgerText: string): LedgerView {
  const entries = parseLedger(ledgerText);
  return { frame, task: foldTask(frame, entries), entries };
}

export function dispatched(ticket: string, mode: RunMode, item: string | undefined): EntryDraft {
  return {
    actor: "app",
    type: "dispatched",
    run: { ticket },
    ...(item === undefined ? {} : { item }),
    evidence: { mode },
  };
}
