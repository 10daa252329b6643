// The outside world in our own words. Adapters implement these; nothing here knows a library.
import type { CheckFacts, Permission, RunFacts } from "./core/facts.ts";

export interface CommandResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Standard output and error as they came, in one text, cut to head and tail at `maxOutputBytes`. */
  readonly output: string;
  readonly truncated: boolean;
  readonly durationMs: number;
  /** `host:port` of what it asked for and was refused, each once; at most 50. */
  readonly blocked: readonly string[];
}

/** The hosts that may be reached, as in the configuration: `host` or `host:port`, exact names. */
export type Network = "none" | { readonly hosts: readonly string[] };

export interface CommandSpec {
  readonly argv: readonly string[];
  /** Absolute path of the tree the command works on; its working directory. */
  readonly workspace: string;
  /** Whole environment: nothing is inherited. `PATH` and `HOME` have defaults. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Default 1 MiB. */
  readonly maxOutputBytes?: number;
  /** More absolute paths that may be read (tools, caches), and written. The workspace is writable unless `readOnly`. */
  readonly readable?: readonly string[];
  readonly writable?: readonly string[];
  readonly readOnly?: boolean;
  /** Default `none`. */
  readonly network?: Network;
}

export interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

/** One process that holds the session's shell and file tools, inside the sandbox. */
export interface ToolHost extends AsyncDisposable {
  /** Calls one of `bash read write edit glob grep` with the input of the SDK's schema. Never throws for a tool's own failure. */
  call(
    tool: string,
    input: unknown,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<ToolResult>;
  /** `host:port` of what was asked for and refused so far, each once; at most 50. */
  blocked(): readonly string[];
}

export interface Sandbox {
  /** How commands are confined: said in the ledger. */
  readonly kind: "bubblewrap" | "none";
  /** Runs one command to its end; everything it started is dead when this resolves. Never throws for a failing command. */
  run(spec: CommandSpec): Promise<CommandResult>;
  /**
   * Starts the tool host on a workspace. `readOnly` workspaces refuse every write, from `bash` too.
   * `.git` and `.github` are never writable.
   */
  openToolHost(spec: {
    workspace: string;
    readOnly: boolean;
    env?: Readonly<Record<string, string>>;
    readable?: readonly string[];
    /** Default `none`. */
    network?: Network;
  }): Promise<ToolHost>;
}

/** A tool as the model is offered it. `run` gets what the model sent, unchecked. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  run(input: unknown): Promise<ToolResult>;
}

/** One answer of the model and what its request used, as the service counted it. */
export interface ModelTurn {
  /** From 1. */
  readonly index: number;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly stopReason: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export interface Conversation {
  readonly model: string;
  /** Each part is a block; the cached prefix ends after the last one marked. Byte-identical over sessions of a task. */
  readonly system: readonly { readonly text: string; readonly cached: boolean }[];
  readonly tools: readonly ModelTool[];
  /** The first user message. What differs between sessions of a task belongs here. */
  readonly opening: string;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
  /** Asked before each request is sent; a text ends the conversation with that reason. */
  beforeRequest(next: {
    readonly index: number;
    readonly estimatedInputTokens: number;
  }): string | undefined | Promise<string | undefined>;
  /** Told after each answer, before its tools run. */
  onTurn(turn: ModelTurn): void | Promise<void>;
  /** Asked once the tools of a turn have run; true ends the conversation. */
  isOver(): boolean;
  /** What to say to an answer without a tool call; `undefined` ends the conversation. */
  onSilence(turn: ModelTurn): string | undefined;
}

/** How a conversation ended. `service`: the model service failed for good (after the SDK's own retries). */
export type ConversationEnd =
  | { readonly kind: "over" }
  | { readonly kind: "silent" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "cut"; readonly reason: string }
  | { readonly kind: "aborted" }
  | { readonly kind: "service"; readonly status: number | undefined; readonly message: string };

export interface Model {
  converse(conversation: Conversation): Promise<ConversationEnd>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Log {
  /** One line for the job's log; secrets are masked at the edge. */
  line(text: string): void;
}

/** A person or bot as GraphQL names them; `id` is 0 where GitHub gives none. */
export interface Actor {
  readonly login: string;
  readonly id: number;
  readonly isUser: boolean;
  /** The App, or the workflow's own token. */
  readonly isPen: boolean;
}

export interface CommentSnapshot {
  readonly id: number;
  readonly author: Actor;
  readonly body: string;
  readonly isEdited: boolean;
  /** ISO 8601, whole seconds. */
  readonly createdAt: string;
}

/** A commit with what the record needs of it. */
export interface CommitSnapshot {
  readonly sha: string;
  /** The pen's own, signed by GitHub. */
  readonly isPen: boolean;
  readonly workTree: string;
  readonly frameText: string | undefined;
  readonly ledgerText: string | undefined;
}

/** Where the frame and the ledger of a task are, and what the configuration says. */
export interface RecordSnapshot {
  readonly configText: string | undefined;
  readonly branch: CommitSnapshot | undefined;
  readonly archive: CommitSnapshot | undefined;
}

/** One task as GitHub has it, read in one request. */
export interface TaskSnapshot extends RecordSnapshot {
  /** The repository's page, without a trailing slash. */
  readonly repositoryUrl: string;
  readonly defaultBranch: string;
  readonly defaultSha: string;
  readonly issue: {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly isOpen: boolean;
    readonly labels: readonly string[];
    /** Who set each label last. `event` is GitHub's id of that. */
    readonly labelledBy: ReadonlyMap<
      string,
      { readonly actor: Actor; readonly at: string; readonly event: string }
    >;
    /** When its text was last edited, or it came from another repository: ISO 8601, whole seconds. */
    readonly changedAt: string | undefined;
    readonly comments: readonly CommentSnapshot[];
  };
  readonly pull:
    | {
        readonly number: number;
        readonly nodeId: string;
        readonly isDraft: boolean;
        readonly state: "open" | "closed" | "merged";
        readonly headSha: string;
        readonly comments: readonly CommentSnapshot[];
      }
    | undefined;
}

/** Reads of a task. Each method is one or two requests. */
export interface TaskSource {
  /** `undefined` where there is no such issue in this repository, or no longer. */
  load(task: number): Promise<TaskSnapshot | undefined>;
  /** For jobs that may read contents alone. */
  loadRecord(task: number): Promise<RecordSnapshot>;
  /** The newest of the pen's commits on a branch whose head is somebody else's. */
  lastPenCommit(task: number): Promise<CommitSnapshot | undefined>;
  /** Of exactly this account: `none` where the login is another's by now. */
  permission(account: Pick<Actor, "login" | "id">): Promise<Permission>;
  /** Names at the root of a commit, and the texts of those files of `paths` that exist. */
  repositoryFacts(
    sha: string,
    paths: readonly string[],
  ): Promise<{ rootEntries: string[]; files: Map<string, string> }>;
  /** The task whose pull request this is. */
  taskOfPull(pull: number): Promise<number | undefined>;
  /** Tasks with our label or an open branch of ours: what a sweep looks at. */
  openTasks(label: string): Promise<number[]>;
}

export interface Runs {
  /**
   * Runs of our workflow on the default branch with this ticket, lowest id first. Only the first one can count, and only
   * at its first attempt.
   */
  withTicket(task: number, ticket: string): Promise<RunFacts[]>;
  /** The files of a run's artifact, by path; `undefined` where there is none of that name. */
  artifact(run: number, name: string): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
  dispatch(task: number, ticket: string): Promise<void>;
  /** A run that is over already is left alone. */
  cancel(run: number): Promise<void>;
}

export interface TreeChange {
  readonly path: string;
  /** `null` deletes the path. */
  readonly content: Uint8Array | null;
  readonly mode?: "100644" | "100755";
}

export interface GitWriter {
  /** A tree on top of another commit's or tree's, or of nothing; no ref points at it yet. */
  makeTree(
    base: string | undefined,
    changes: readonly TreeChange[],
  ): Promise<{ sha: string; workTree: string }>;
  /** The tree of a commit with one folder left out. */
  withoutFolder(commit: string, folder: string): Promise<{ sha: string }>;
  /**
   * Commits a tree and moves `ref` (without `refs/`) from `parent` to it, without force; `create` makes the ref.
   * `conflict` when somebody else was first.
   */
  commit(request: {
    ref: string;
    parents: readonly string[];
    tree: string;
    message: string;
    create: boolean;
  }): Promise<{ sha: string } | "conflict">;
  /** Points a ref of our own outside `heads/` at a new commit, whatever it pointed at. */
  replace(request: {
    ref: string;
    parents: readonly string[];
    tree: string;
    message: string;
  }): Promise<{ sha: string }>;
  headOf(ref: string): Promise<string | undefined>;
  /** Every file of a ref outside `heads/`, by path. */
  readAll(ref: string): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** Issues of the repository, as the stand-alone verifier reads them. */
export interface IssueSource {
  /** `undefined` where there is none of this number, or it is a pull request. */
  issue(
    number: number,
  ): Promise<
    { readonly title: string; readonly body: string; readonly labels: readonly string[] } | undefined
  >;
}

/** The verifier's own check run on one commit. `refused`: the token may not write check runs. */
export interface CheckRuns {
  /** The id of a check run that is in progress, so that nothing said earlier of this commit stands meanwhile. */
  start(headSha: string): Promise<number | "refused">;
  finish(
    id: number,
    end: {
      readonly conclusion: "success" | "failure" | "neutral" | "cancelled";
      readonly title: string;
      readonly summary: string;
    },
  ): Promise<void>;
}

export interface Discussion {
  openPull(pull: {
    title: string;
    body: string;
    branch: string;
    base: string;
  }): Promise<{ number: number; nodeId: string }>;
  comment(number: number, body: string): Promise<void>;
  editComment(id: number, body: string): Promise<void>;
  react(comment: number, content: "+1" | "-1" | "confused"): Promise<void>;
  markReady(nodeId: string): Promise<void>;
  check(headSha: string): Promise<CheckFacts | undefined>;
  postCheck(check: {
    headSha: string;
    conclusion: "success" | "failure" | "in_progress";
    title: string;
    summary: string;
  }): Promise<void>;
}
