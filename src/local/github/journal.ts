// The append-only file from which a restart gets everything that is not in git. One JSON object a line.
import { closeSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import type { JsonObject } from "./json.ts";

/** What happened, in the order it happened. `at` is the moment in milliseconds. */
export type JournalEntry =
  | { kind: "store"; at: number; login: string; method: string; path: string; body: JsonObject }
  | { kind: "reaction"; at: number; login: string; id: number; subject: string; content: string }
  | { kind: "unreaction"; at: number; id: number }
  | { kind: "status"; at: number; login: string; id: number; sha: string; body: JsonObject }
  | { kind: "edit"; at: number; login: string; issue: number }
  | { kind: "comment-edit"; at: number; comment: number }
  | { kind: "renamed"; at: number; login: string; issue: number }
  | { kind: "transferred"; at: number; login: string; issue: number; direction: "in" | "away" }
  | { kind: "signed"; at: number; sha: string }
  | { kind: "check"; at: number; id: number; slug: string; sha: string }
  | {
      kind: "token";
      at: number;
      token: string;
      login: string;
      permissions: Record<string, string>;
      expiresAt: number;
    }
  | { kind: "revoked"; at: number; token: string };

export interface Journal extends Disposable {
  readonly entries: readonly JournalEntry[];
  /** Written when this returns (not synced to the disk). */
  append(entry: JournalEntry): void;
}

/** A last line that a killed process left unfinished is cut off; any other unreadable line is an error. */
export function openJournal(file: string): Journal {
  const descriptor = openSync(file, "a+");
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  const entries = lines.map((line, index) => parseLine(file, line, index + 1));
  return {
    entries,
    append(entry) {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    },
    [Symbol.dispose]() {
      closeSync(descriptor);
    },
  };
}

function parseLine(file: string, line: string, number: number): JournalEntry {
  try {
    const entry: JournalEntry = JSON.parse(line);
    return entry;
  } catch (cause) {
    throw new Error(
      `Expected JSON in line ${number} of ${file}, found something else. Remove \`dir\` to start from nothing.`,
      { cause },
    );
  }
}
