// What `emulate` has no place for: reactions, statuses, edits of bodies, which commits GitHub signed, whose a check run is.
import type { JournalEntry } from "./journal.ts";

export type Reaction = Extract<JournalEntry, { kind: "reaction" }>;
export type Status = Extract<JournalEntry, { kind: "status" }>;
export type CheckOwner = Extract<JournalEntry, { kind: "check" }>;
export type BodyEdit = Extract<JournalEntry, { kind: "edit" }>;
export type Renaming = Extract<JournalEntry, { kind: "renamed" }>;
export type Transfer = Extract<JournalEntry, { kind: "transferred" }>;

export class Marks {
  readonly reactions = new Map<number, Reaction>();
  readonly statuses: Status[] = [];
  readonly edits: BodyEdit[] = [];
  readonly renamings: Renaming[] = [];
  readonly transfers: Transfer[] = [];
  /** The last edit of each comment, in milliseconds. */
  readonly commentEdits = new Map<number, number>();
  readonly signed = new Set<string>();
  readonly checks = new Map<number, CheckOwner>();
  #lastId = 0;

  nextId(): number {
    return this.#lastId + 1;
  }

  /** Whether an issue has left for another repository. */
  isAway(issue: number): boolean {
    return this.transfers.some((one) => one.issue === issue && one.direction === "away");
  }

  /** Takes up one line of the journal; lines of other kinds are left alone. */
  apply(entry: JournalEntry): void {
    switch (entry.kind) {
      case "reaction":
        this.reactions.set(entry.id, entry);
        this.#lastId = Math.max(this.#lastId, entry.id);
        return;
      case "unreaction":
        this.reactions.delete(entry.id);
        return;
      case "status":
        this.statuses.push(entry);
        this.#lastId = Math.max(this.#lastId, entry.id);
        return;
      case "edit":
        this.edits.push(entry);
        return;
      case "comment-edit":
        this.commentEdits.set(entry.comment, entry.at);
        return;
      case "renamed":
        this.renamings.push(entry);
        return;
      case "transferred":
        this.transfers.push(entry);
        return;
      case "signed":
        this.signed.add(entry.sha);
        return;
      case "check":
        this.checks.set(entry.id, entry);
        return;
      default:
    }
  }
}
