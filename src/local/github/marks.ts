// What `emulate` has no place for: reactions, statuses, edits of bodies, which commits GitHub signed, whose a check run is.
import type { JournalEntry } from "./journal.ts";

export type Reaction = Extract<JournalEntry, { kind: "reaction" }>;
export type Status = Extract<JournalEntry, { kind: "status" }>;
export type CheckOwner = Extract<JournalEntry, { kind: "check" }>;
export type BodyEdit = Extract<JournalEntry, { kind: "edit" }>;

export class Marks {
  readonly reactions = new Map<number, Reaction>();
  readonly statuses: Status[] = [];
  readonly edits: BodyEdit[] = [];
  readonly signed = new Set<string>();
  readonly checks = new Map<number, CheckOwner>();
  #lastId = 0;

  nextId(): number {
    return this.#lastId + 1;
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
