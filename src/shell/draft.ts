// One step of a task under decision: the facts, and the entries collected so far, folded.
import type { Effect } from "../core/effect.ts";
import { type FileChange, type Permission, permissions, type TaskFacts } from "../core/facts.ts";
import type { Frame } from "../core/frame.ts";
import { appendEntries, type EntryDraft, parseLedger } from "../core/ledger.ts";
import type { Head } from "../core/next.ts";
import { foldTask, type Task } from "../core/task.ts";

/** What the actor may do beyond the ledger. */
export interface Pen {
  /** Posts the check run and marks ready. */
  readonly mayMarkReady: boolean;
  /** False for a job of the run itself. */
  readonly mayCancel: boolean;
  /**
   * How old the newest ledger entry must be before effects that should have followed it are made up for: until then
   * whoever wrote the entry may still be at it. Milliseconds.
   */
  readonly mendAfterMs: number;
}

/** The outcome of a run, to be recorded together with what follows from it. */
export interface Outcome {
  readonly entries: readonly EntryDraft[];
  readonly files: readonly FileChange[];
  /** The parent's tree with the session's change; absent where nothing changed. */
  readonly baseTree?: string;
  /** The head's work tree once this is committed. */
  readonly tree: string;
  /** The frame with the items that intake added; absent where none was. */
  readonly frame?: Frame;
  readonly effectsBefore: readonly Effect[];
}

export interface Draft {
  readonly facts: TaskFacts;
  readonly record: NonNullable<TaskFacts["record"]>;
  readonly entries: readonly EntryDraft[];
  readonly ledgerText: string;
  readonly task: Task;
  readonly head: Head;
}

export function startDraft(facts: TaskFacts, record: Draft["record"], outcome: Outcome | undefined): Draft {
  const head = outcome
    ? { tree: outcome.tree, isPushed: facts.head?.isPushed ?? false }
    : { tree: facts.head?.tree ?? "", isPushed: facts.head?.isPushed ?? false };
  const task = foldTask(record.frame, record.entries);
  const draft: Draft = {
    facts,
    record: { ...record, frame: outcome?.frame ?? record.frame },
    entries: [],
    ledgerText: record.ledgerText,
    task,
    head,
  };
  return withEntries(draft, outcome?.entries ?? []);
}

export function withEntries(draft: Draft, entries: readonly EntryDraft[]): Draft {
  if (entries.length === 0) return draft;
  const ledgerText = appendEntries(draft.ledgerText, entries, draft.facts.now);
  return {
    ...draft,
    entries: [...draft.entries, ...entries],
    ledgerText,
    task: foldTask(draft.record.frame, parseLedger(ledgerText)),
  };
}

export function hasPermission(actual: Permission, minimum: Permission): boolean {
  return permissions.indexOf(actual) >= permissions.indexOf(minimum);
}
