// What a slash command is: a name people type, its page, and its pure behaviour.
import type { CommandComment } from "../core/facts.ts";
import type { Frame } from "../core/frame.ts";
import type { EntryDraft } from "../core/ledger.ts";
import type { Task } from "../core/task.ts";

export interface CommandRequest {
  readonly comment: CommandComment;
  /** What follows the name on its line. */
  readonly argument: string;
  /** The lines after it. */
  readonly rest: string;
  readonly frame: Frame;
  readonly task: Task;
}

export interface CommandOutcome {
  readonly entries: readonly EntryDraft[];
  /** Markdown of a reply, without marker; absent: the reaction is enough. */
  readonly reply?: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly example: { readonly comment: string; readonly adds: EntryDraft["type"] };
  apply(request: CommandRequest): CommandOutcome;
}
