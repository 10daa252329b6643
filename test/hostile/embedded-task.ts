// Tasks on one embedded GitHub, over its HTTP, with the App's and the jobs' own tokens: each is opened by a label, its run
// left to the row. What a run leaves is embedded-run.ts's.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { taskPorts } from "../../src/app/task-ports.ts";
import { branchName, type Frame } from "../../src/core/frame.ts";
import type { LedgerEntry } from "../../src/core/ledger.ts";
import { foldTask, type Task } from "../../src/core/task.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import { type Fixture, octokit, repo, startFixture } from "../../src/local/github/fixture.ts";
import type { WorkflowRun } from "../../src/local/types.ts";
import type { TaskSnapshot } from "../../src/ports.ts";
import { readRecord } from "../../src/shell/gather.ts";
import { reconcile, type TaskPorts } from "../../src/shell/handle.ts";
import { type Files, honestRun, type Left, place, settleRun } from "./embedded-run.ts";
import { type StagedActions, stageActions } from "./staged-actions.ts";

export interface State {
  readonly isReady: boolean;
  readonly check: string | null | undefined;
  readonly headSha: string;
  readonly workTree: string;
  readonly entries: readonly LedgerEntry[];
}

export interface EmbeddedTask {
  readonly fixture: Fixture;
  readonly actions: StagedActions;
  readonly issue: number;
  /** The App looks at the task. */
  look(): Promise<void>;
  /** The App's run that is open. */
  run(): WorkflowRun;
  ports(as: "app" | "settle" | "admit"): TaskPorts;
  record(): Promise<{ readonly frame: Frame; readonly entries: readonly LedgerEntry[]; readonly task: Task }>;
  /** What an honest session and verifier leave: one file changed, its item passed. */
  honest(): Promise<Left & { readonly verdictOf: Verdict }>;
  /** Settles, puts the verdict among the run's artifacts and ends the run. The code of a refusal, if it was one. */
  settle(left: Left): Promise<string | undefined>;
  state(): Promise<State>;
}

const workflowPath = ".github/workflows/agent-harness.yml";
const root = join(import.meta.dirname, "../..");
const pen = { mayMarkReady: true, mayCancel: true, mendAfterMs: 0 };
const label = "agent:harness";

/** The tokens of the jobs, as the shipped workflow gives them. */
const jobPermissions = {
  admit: { contents: "read", issues: "read" },
  settle: { contents: "write", issues: "write", "pull-requests": "write", checks: "write", actions: "write" },
} as const;

const baseFiles = [
  ["package.json", "100644", '{"scripts":{"test":"node --test"}}\n'],
  ["README.md", "100644", "# demo\n"],
  ["lib/a.js", "100644", "export const a = 1;\n"],
  ["test/a.test.js", "100644", "import 'node:test';\n"],
  ["link", "120000", "lib"],
  [workflowPath, "100644", readFileSync(join(root, workflowPath), "utf8")],
] as const;

interface Place {
  readonly fixture: Fixture;
  readonly actions: StagedActions;
}

let started: Promise<Place> | undefined;

/** Shared by all rows: each has an issue and a branch of its own. */
async function startPlace(): Promise<Place> {
  const fixture = await startFixture();
  const actions = stageActions();
  fixture.github.connectActions(actions);
  await commitBase(fixture);
  await fixture.ada.rest.issues.createLabel({ ...repo, name: label, color: "5319e7" });
  return { fixture, actions };
}

function openPlace(): Promise<Place> {
  started ??= startPlace();
  return started;
}

/** What the App reads of a run's artifact that is these bytes. */
export async function download(zip: Uint8Array): Promise<Files | undefined> {
  const { fixture, actions } = await openPlace();
  const run = actions.dispatch({
    workflowPath,
    workflowText: "",
    event: "workflow_dispatch",
    inputs: { task: "0", ticket: "none" },
    ref: "main",
    sha: fixture.first,
    actor: { login: "ada", id: 1, type: "User" },
  });
  actions.put(run.id, "artifact", zip);
  const options = { slug: "agent-harness", log: { line: () => undefined }, withPull: true };
  return taskPorts(fixture.app, place, options).runs.artifact(run.id, "artifact");
}

export async function openTask(): Promise<EmbeddedTask> {
  const { fixture, actions } = await openPlace();
  const { data } = await fixture.ada.rest.issues.create({ ...repo, title: "Broken", body: "Mend it" });
  await fixture.ada.rest.issues.addLabels({ ...repo, issue_number: data.number, labels: [label] });
  const task = describeTask(fixture, actions, data.number);
  await task.look();
  return task;
}

/** Ends what the rows shared, if any began it. */
export async function closeTasks(): Promise<void> {
  const place = await started;
  started = undefined;
  await place?.fixture[Symbol.asyncDispose]();
}

async function commitBase({ ada, first }: Fixture): Promise<void> {
  const { data: tree } = await ada.rest.git.createTree({
    ...repo,
    base_tree: first,
    tree: baseFiles.map(([path, mode, content]) => ({ path, mode, type: "blob" as const, content })),
  });
  const { data: commit } = await ada.rest.git.createCommit({
    ...repo,
    tree: tree.sha,
    parents: [first],
    message: "base",
  });
  await ada.rest.git.updateRef({ ...repo, ref: "heads/main", sha: commit.sha });
}

function describeTask(fixture: Fixture, actions: StagedActions, issue: number): EmbeddedTask {
  const clients: Record<"app" | "settle" | "admit", Octokit> = {
    app: fixture.app,
    settle: fixture.job(jobPermissions.settle),
    admit: fixture.job(jobPermissions.admit),
  };
  const ports = (as: keyof typeof clients) =>
    taskPorts(clients[as], place, {
      slug: "agent-harness",
      log: { line: () => undefined },
      withPull: as !== "admit",
    });
  const load = async (): Promise<TaskSnapshot> => {
    const snapshot = await ports("app").tasks.load(issue);
    if (!snapshot) throw new Error(`Expected issue ${issue}, found none.`);
    return snapshot;
  };
  const recordOf = async (snapshot: TaskSnapshot) => {
    const found = await readRecord(issue, snapshot, ports("app"));
    if (!found) throw new Error("Expected a frame, found none.");
    return { frame: found.frame, entries: found.entries, task: foldTask(found.frame, found.entries) };
  };
  const run = () => {
    const isOwn = (title: string) => title.startsWith(`agent-harness #${issue} `);
    const open = actions.staged.find(
      ({ status, display_title }) => status !== "completed" && isOwn(display_title),
    );
    if (!open) throw new Error("Expected an open run, found none.");
    return open;
  };
  const look = () => reconcile({ task: issue, repository: place }, ports("app"), pen);
  return {
    fixture,
    actions,
    issue,
    ports,
    run,
    look,
    record: async () => recordOf(await load()),
    async honest() {
      const snapshot = await load();
      const { frame } = await recordOf(snapshot);
      return honestRun({ run: run(), frame, snapshot, ports: ports("settle") });
    },
    settle: (left) => settleRun({ left, actions, issue, ports: ports("settle") }),
    async state() {
      const snapshot = await load();
      return stateOf(snapshot, (await recordOf(snapshot)).entries, ports("app"));
    },
  };
}

async function stateOf(
  { branch, pull }: TaskSnapshot,
  entries: readonly LedgerEntry[],
  ports: TaskPorts,
): Promise<State> {
  const headSha = branch?.sha ?? "";
  const check = (await ports.discussion.check(headSha))?.conclusion;
  return {
    headSha,
    workTree: branch?.workTree ?? "",
    check,
    entries,
    isReady: check === "success" && pull?.isDraft === false,
  };
}

/** A person's push onto the task's branch, through the API and with the person's own token. */
export async function push(
  { fixture, issue }: EmbeddedTask,
  files: Readonly<Record<string, string>>,
  as = "bob",
): Promise<string> {
  const client = octokit(fixture.github, fixture.github.userToken(as));
  const ref = `heads/${branchName(issue)}`;
  const { data: head } = await client.rest.git.getRef({ ...repo, ref });
  const parent = head.object.sha;
  const tree = await client.rest.git.createTree({
    ...repo,
    base_tree: parent,
    tree: Object.entries(files).map(([path, content]) => ({
      path,
      mode: "100644" as const,
      type: "blob" as const,
      content,
    })),
  });
  const commit = await client.rest.git.createCommit({
    ...repo,
    tree: tree.data.sha,
    parents: [parent],
    message: "push",
  });
  await client.rest.git.updateRef({ ...repo, ref, sha: commit.data.sha });
  return commit.data.sha;
}
