// Everything a decision may look at: what was gathered about one task, as plain data.
import type { Config } from "./config.ts";
import type { Frame } from "./frame.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Verdict } from "./verdict.ts";

export const permissions = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Permission = (typeof permissions)[number];

export interface Person {
  readonly login: string;
  readonly id: number;
  /** False for bots, apps and organisations. */
  readonly isUser: boolean;
  readonly permission: Permission;
}

export interface CommandComment {
  readonly id: number;
  readonly on: "issue" | "pull";
  readonly author: Person;
  readonly body: string;
  /** An edited comment is no command. */
  readonly isEdited: boolean;
}

export interface HeadFacts {
  readonly sha: string;
  /** Work tree hash. */
  readonly tree: string;
  readonly isPushed: boolean;
}

export interface PullFacts {
  readonly number: number;
  readonly nodeId: string;
  readonly isDraft: boolean;
  readonly state: "open" | "closed" | "merged";
  readonly headSha: string;
}

/** The frame and ledger as the pen last committed them, and where they live now. */
export interface RecordFacts {
  /** Without `refs/`: the branch, or the archive once the frame has left the branch. */
  readonly ref: string;
  /** The commit to build on. */
  readonly sha: string;
  readonly frame: Frame;
  readonly ledgerText: string;
  readonly entries: readonly LedgerEntry[];
}

export interface RunFacts {
  readonly id: number;
  readonly ticket: string;
  /** From 1. A run that was started again keeps its id, and no longer counts. */
  readonly attempt: number;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: string | null;
}

export interface OurComment {
  readonly id: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly marker: string;
  readonly body: string;
}

export interface CheckFacts {
  readonly headSha: string;
  readonly conclusion: string | null;
}

export interface TaskFacts {
  /** ISO 8601. */
  readonly now: string;
  /** A random ticket for the run that may be dispatched. */
  readonly freshTicket: string;
  readonly repository: {
    readonly owner: string;
    readonly name: string;
    readonly defaultBranch: string;
    readonly defaultSha: string;
    /** Its page, without a trailing slash. */
    readonly url: string;
  };
  readonly config: { readonly config: Config } | { readonly mistakes: string };
  readonly issue: {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly isOpen: boolean;
    readonly labels: readonly string[];
    /** Who set our label last, and when; absent where it is not set, nobody set it, or it was not asked for. */
    readonly labelledBy: (Person & { readonly at: string; readonly event: string }) | undefined;
    /** The newest setting of our label that is known: tells whether it was set anew. */
    readonly labelEvent: string | undefined;
    /** When its text was last edited, or it came from another repository. Whole seconds. */
    readonly changedAt: string | undefined;
  };
  /** The frame to commit where there is none yet: files by path, `frame.json` among them. */
  readonly proposal: { readonly frame: Frame; readonly files: readonly FileChange[] } | undefined;
  readonly head: HeadFacts | undefined;
  readonly record: RecordFacts | undefined;
  readonly pull: PullFacts | undefined;
  readonly comments: readonly CommandComment[];
  /** The comment whose webhook led here. */
  readonly newComment: number | undefined;
  readonly ours: readonly OurComment[];
  /** Runs of the open ticket, or of the newest one, lowest id first. */
  readonly runs: readonly RunFacts[];
  /** The verdict artifact of the newest run that counts, checked against ticket, attempt and seal. */
  readonly verdict: Verdict | undefined;
  readonly check: CheckFacts | undefined;
}

export interface FileChange {
  readonly path: string;
  /** `null` deletes the path. */
  readonly text: string | null;
  readonly isExecutable?: boolean;
}
