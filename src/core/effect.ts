// What a plan may do to the world. `perform` is the one switch over it.
import type { FileChange } from "./facts.ts";

export type Effect =
  /** One commit. `create` makes the ref; otherwise it moves from `parent`, without force: git's compare-and-swap. */
  | {
      readonly type: "commit";
      readonly ref: string;
      readonly parent: string;
      readonly create: boolean;
      /** A tree to build on instead of the parent's: the change of a session, already checked. */
      readonly baseTree?: string;
      readonly files: readonly FileChange[];
      readonly message: string;
    }
  /** Keeps the sealed checks out of the branch; an existing ref is moved. */
  | {
      readonly type: "seal";
      readonly ref: string;
      readonly files: readonly FileChange[];
      readonly message: string;
    }
  /**
   * The frame's last state goes to the archive ref, and the frame out of the branch. `parent` is the branch's head; the
   * archive commit has it as its parent.
   */
  | {
      readonly type: "archive";
      readonly branch: string;
      readonly archive: string;
      readonly parent: string;
      readonly files: readonly FileChange[];
      readonly removed: string;
      readonly message: string;
    }
  | { readonly type: "open-pull"; readonly title: string; readonly body: string; readonly branch: string }
  | {
      readonly type: "comment";
      readonly on: "issue" | "pull";
      readonly marker: string;
      readonly body: string;
    }
  | { readonly type: "edit-comment"; readonly id: number; readonly body: string }
  | { readonly type: "react"; readonly comment: number; readonly content: "+1" | "-1" | "confused" }
  | { readonly type: "dispatch"; readonly task: number; readonly ticket: string }
  | { readonly type: "cancel-run"; readonly run: number }
  /** On the head as it is after the effects before it. */
  | {
      readonly type: "check";
      readonly conclusion: "success" | "failure" | "in_progress";
      readonly title: string;
      readonly summary: string;
    }
  | { readonly type: "mark-ready" }
  /** Reads the head again; another one than expected starts over. */
  | { readonly type: "confirm-head"; readonly branch: string };
