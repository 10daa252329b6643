// A task in the in-memory GitHub: what people do, what a run leaves behind, and the App in any number of copies.
import { MemoryGitHub, type MemoryGitHubOptions, type MemoryRun } from "../../src/adapters/memory-github.ts";
import { partOf } from "../../src/core/checks.ts";
import { archiveRef, branchName, frameSchema } from "../../src/core/frame.ts";
import { gitBlobSha, hashOf } from "../../src/core/hash.ts";
import { parseLedger } from "../../src/core/ledger.ts";
import type { SessionEnd } from "../../src/core/session-report.ts";
import { foldTask } from "../../src/core/task.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import { reconcile, type TaskPorts } from "../../src/shell/handle.ts";
import { sealedFiles } from "../../src/shell/outcome.ts";
import { settle } from "../../src/shell/settle.ts";

export const repository = { owner: "o", name: "r" };

export type RunEnd =
  | { readonly kind: "claim"; readonly passes: boolean }
  | { readonly kind: "ask"; readonly question?: string }
  | { readonly kind: "blocked" }
  | { readonly kind: "killed" }
  /** The runner is lost: nothing settles. */
  | { readonly kind: "lost" };

/** Where a run leaves something else than an honest one. */
export interface Leaves {
  /** `undefined`: no verdict. */
  readonly verdict?: (honest: Verdict) => Verdict | undefined;
  /** How the job `verify` ended. */
  readonly verify?: "success" | "failure" | "skipped" | "cancelled";
}

export class World {
  readonly github: MemoryGitHub;
  readonly issue: number;
  /** The branch's head when a run started, by ticket. */
  readonly heads = new Map<string, string | undefined>();
  #seconds = 1_700_000_000;
  #tickets = 0;

  constructor(options: Partial<MemoryGitHubOptions> & { readonly body?: string } = {}) {
    this.github = new MemoryGitHub({
      files: { "package.json": '{"scripts":{"test":"node --test"}}', "lib/a.js": "1", "test/a.test.js": "1" },
      people: { alice: "write", bob: "read" },
      now: () => this.#seconds,
      ...options,
    });
    this.issue = this.github.openIssue(
      "Broken",
      options.body ?? "It must do:\n\n- one thing\n- another thing\n",
    );
  }

  tick(seconds = 60): void {
    this.#seconds += seconds;
  }

  ports(pen: "agent-harness" | "github-actions"): TaskPorts {
    return {
      ...spread(this.github.ports(pen)),
      clock: { now: () => this.#seconds * 1000 },
      log: { line: () => {} },
      newTicket: () => {
        this.#tickets += 1;
        return `ticket-${this.#tickets}`;
      },
    };
  }

  /** One copy of the App looks at the task. */
  async look(newComment?: number): Promise<void> {
    const pen = { mayMarkReady: true, mayCancel: true, mendAfterMs: 30_000 };
    const request = { task: this.issue, repository, ...(newComment === undefined ? {} : { newComment }) };
    await reconcile(request, this.ports("agent-harness"), pen);
    this.startRuns();
  }

  startRuns(): void {
    for (const { ticket } of this.github.runs)
      if (!this.heads.has(ticket)) this.heads.set(ticket, this.head()?.sha);
  }

  label(login = "alice"): void {
    this.github.label(this.issue, "agent:harness", login);
  }

  say(body: string, login = "alice"): number {
    return this.github.say(this.github.pullOf(this.issue)?.number ?? this.issue, login, body);
  }

  push(text: string, branch = branchName(this.issue)): void {
    this.github.push(`heads/${branch}`, { "lib/person.js": text });
  }

  ledgerText(): string {
    const { refs } = this.github;
    const branch = this.github.snapshot(refs.get(`heads/${branchName(this.issue)}`), this.issue);
    return (
      branch?.ledgerText ??
      this.github.snapshot(refs.get(archiveRef(this.issue)), this.issue)?.ledgerText ??
      ""
    );
  }

  head() {
    return this.github.snapshot(this.github.refs.get(`heads/${branchName(this.issue)}`), this.issue);
  }

  record() {
    const { refs } = this.github;
    const snapshots = [refs.get(`heads/${branchName(this.issue)}`), refs.get(archiveRef(this.issue))].map(
      (sha) => this.github.snapshot(sha, this.issue),
    );
    const text = snapshots.find((each) => each?.frameText !== undefined)?.frameText;
    const frame = frameSchema.parse(JSON.parse(text ?? "null"));
    const entries = parseLedger(this.ledgerText());
    return { frame, entries, task: foldTask(frame, entries) };
  }

  openRun(): MemoryRun | undefined {
    return this.github.runs.find(({ status }) => status !== "completed");
  }

  /** The run's jobs, and `settle` unless the runner is lost. */
  async finishRun(run: MemoryRun, end: RunEnd, leaves: Leaves = {}): Promise<void> {
    run.status = "in_progress";
    if (end.kind !== "lost") await this.settleRun(run, end, leaves);
    run.status = "completed";
    run.conclusion = end.kind === "lost" ? "failure" : "success";
  }

  async settleRun(
    run: MemoryRun,
    end: Exclude<RunEnd, { kind: "lost" }>,
    leaves: Leaves = {},
  ): Promise<void> {
    const { frame, task } = this.record();
    const dispatched = task.runs.find(({ ticket }) => ticket === run.ticket);
    const mode = dispatched?.mode ?? "session";
    const head = this.github.snapshot(this.heads.get(run.ticket), this.issue);
    const wantsAuthor = mode === "session" && frame.items.some(({ id }) => !task.sealedItems.has(id));
    const text = `change of run ${this.github.runs.indexOf(run)}`;
    const bytes = Buffer.from(text);
    const change = { path: "lib/a.js", mode: "100644", blob: gitBlobSha(bytes), size: bytes.byteLength };
    const tree = await this.github
      .ports("github-actions")
      .git.makeTree(head?.sha, mode === "gates" ? [] : [{ path: "lib/a.js", content: bytes }]);
    const item = dispatched?.item ?? "item-1";
    const passed = task.items.filter(({ status }) => status === "passed").map(({ id }) => id);
    const covered =
      mode === "gates" ? frame.items.map(({ id }) => id) : [...new Set([...passed, item])].sort();
    const isJudged = mode === "gates" || end.kind === "claim";
    const passes = end.kind === "claim" ? end.passes : true;
    const honest: Verdict = {
      ticket: run.ticket,
      attempt: 1,
      base: frame.base,
      parent: head?.sha ?? "",
      tree: tree.workTree,
      frame: hashOf(frame),
      seal: task.seal ?? hashOf(seal),
      result: passes ? "pass" : "fail",
      items: covered.map((id) => ({ id, result: passes ? "passed" : "failed", why: "red-green" })),
      gates: [{ name: "red-green", result: passes ? "pass" : "fail", why: "checks" }],
      usage: {},
      doubts: [],
    };
    const verdict = isJudged ? (leaves.verdict ?? ((each) => each))(honest) : undefined;
    const verdictFiles = verdict && new Map([["verdict.json", Buffer.from(JSON.stringify(verdict))]]);
    if (verdictFiles) run.artifacts.set(`verdict-${run.ticket}`, verdictFiles);
    await settle(
      {
        task: this.issue,
        ticket: run.ticket,
        runId: run.id,
        mode,
        head: head?.sha ?? "",
        results: {
          author: "success",
          session: mode === "gates" ? "skipped" : "success",
          verify: leaves.verify ?? "success",
        },
        failures: [],
        repository,
        artifacts: {
          sealed: wantsAuthor ? authorArtifact(frame.items.map(({ id }) => id)) : undefined,
          change:
            mode === "gates"
              ? undefined
              : sessionArtifact({
                  ticket: run.ticket,
                  item,
                  end: endOf(end, item),
                  parent: head?.sha ?? "",
                  change,
                  bytes,
                }),
          verdict: verdictFiles,
        },
      },
      this.ports("github-actions"),
    );
    this.startRuns();
  }
}

/** A proxy's ports are read one by one: a spread would copy none of them. */
function spread(ports: ReturnType<MemoryGitHub["ports"]>) {
  return { tasks: ports.tasks, git: ports.git, discussion: ports.discussion, runs: ports.runs };
}

const hash = "0".repeat(64);
const seal = { schema: 1 as const, items: hash, visible: hash, heldOut: hash, protected: hash, unproven: [] };

function authorArtifact(items: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const none = partOf({ checks: [], files: new Map() }, "visible");
  const files = sealedFiles({ seal, visible: none, heldOut: none });
  return new Map([
    ...files.map(({ path, text }): [string, Uint8Array] => [path, Buffer.from(text ?? "")]),
    ["author.json", Buffer.from(JSON.stringify({ items, usage: {} }))],
  ]);
}

function endOf(end: RunEnd, item: string): SessionEnd {
  switch (end.kind) {
    case "claim":
      return { kind: "claim", item, summary: "done" };
    case "ask":
      return { kind: "ask", question: end.question ?? "Which?", options: [] };
    case "blocked":
      return { kind: "blocked", reason: "no network", evidence: "ENOTFOUND" };
    default:
      return { kind: "killed" };
  }
}

function sessionArtifact(session: {
  ticket: string;
  item: string;
  end: SessionEnd;
  parent: string;
  change: { path: string; mode: string; blob: string; size: number };
  bytes: Uint8Array;
}): ReadonlyMap<string, Uint8Array> {
  const { ticket, item, end, parent, change, bytes } = session;
  const report = {
    ticket,
    item,
    end,
    turns: 3,
    usage: {},
    sandbox: "none",
    intakeAccepted: true,
    added: [],
    promptVersion: "builder 1",
    promptSha256: hash,
    incomplete: end.kind === "killed",
    refused: [],
  };
  return new Map([
    ["session.json", Buffer.from(JSON.stringify(report))],
    ["change.json", Buffer.from(JSON.stringify({ ticket, parent, entries: [change] }))],
    [`blobs/${change.blob}`, bytes],
  ]);
}
