// One task from its issue to where it waits for a person: posts what a person would, and watches what the App makes of it.
import type { Octokit } from "@octokit/rest";
import { statusOf } from "../../adapters/github-client.ts";
import { createTaskSource } from "../../adapters/github-tasks.ts";
import type { RecordFacts } from "../../core/facts.ts";
import { foldTask, type Task } from "../../core/task.ts";
import type { TaskSnapshot } from "../../ports.ts";
import { readRecord } from "../../shell/gather.ts";
import type { IssueText } from "./issue-file.ts";
import type { Stage } from "./stage.ts";

export interface PlayRequest {
  readonly owner: string;
  readonly name: string;
  readonly labeller: string;
  readonly label: string;
  readonly issue: IssueText;
  /** Comments of the labeller, in order, each posted when the task next waits for a person. */
  readonly says: readonly string[];
}

export interface Played {
  readonly state: "ready" | "asking" | "stopped" | "failed";
  readonly reason: string;
  readonly issue: number;
  readonly snapshot: TaskSnapshot;
  readonly record: RecordFacts | undefined;
  readonly task: Task | undefined;
}

/** Times the App is asked to look again before a task that does not move counts as failed. */
const patience = 3;

/** Takes up a task that an earlier process with the same folder left: nothing is posted twice. */
export async function playTask(stage: Stage, request: PlayRequest): Promise<Played> {
  const repo = { owner: request.owner, repo: request.name };
  const issue = await openIssue(stage.person, repo, request);
  stage.actions.resume();
  await start(stage, { repo, issue, request });
  let stalled = 0;
  while (true) {
    await stage.idle();
    const played = await look(stage, request, issue);
    const waits = played.state === "asking" || played.state === "stopped";
    const say = waits ? request.says[await saidSoFar(stage.person, repo, { played, request })] : undefined;
    if (played.state === "ready" || (waits && say === undefined)) return played;
    if (say !== undefined) {
      await post(stage.person, repo, played.snapshot.pull?.number ?? issue, say);
      stalled = 0;
      continue;
    }
    stalled += 1;
    if (stalled > patience) return played;
    await stage.sweep();
  }
}

interface Repo {
  readonly owner: string;
  readonly repo: string;
}

async function openIssue(person: Octokit, repo: Repo, { issue }: PlayRequest): Promise<number> {
  const { data } = await person.rest.issues.listForRepo({ ...repo, state: "all", per_page: 100 });
  const existing = data.find((each) => !each.pull_request);
  if (existing) return existing.number;
  return (await person.rest.issues.create({ ...repo, title: issue.title, body: issue.body })).data.number;
}

async function start(
  stage: Stage,
  { repo, issue, request }: { repo: Repo; issue: number; request: PlayRequest },
): Promise<void> {
  const { person, github } = stage;
  await person.rest.issues.getLabel({ ...repo, name: request.label }).catch(async (error: unknown) => {
    if (statusOf(error) !== 404) throw error;
    await person.rest.issues.createLabel({ ...repo, name: request.label, color: "5319e7" });
  });
  const { data } = await person.rest.issues.get({ ...repo, issue_number: issue });
  const isLabelled = data.labels.some(
    (label) => (typeof label === "string" ? label : label.name) === request.label,
  );
  // A `/stop` said at once stands before the App has read the label, as when a person is quicker than a webhook.
  const stop = request.says[0]?.startsWith("/stop") ? request.says[0] : undefined;
  if (stop !== undefined) github.pauseWebhooks();
  if (!isLabelled)
    await person.rest.issues.addLabels({ ...repo, issue_number: issue, labels: [request.label] });
  if (stop !== undefined) {
    if (data.comments === 0) await post(person, repo, issue, stop);
    github.resumeWebhooks();
  }
}

async function post(person: Octokit, repo: Repo, number: number, body: string): Promise<void> {
  await person.rest.issues.createComment({ ...repo, issue_number: number, body });
}

/**
 * How many of the comments to be said stand already, on the issue or the pull request: those of a killed process with
 * the same words. What an earlier command said before them does not count.
 */
async function saidSoFar(
  person: Octokit,
  repo: Repo,
  { played, request }: { played: Played; request: PlayRequest },
): Promise<number> {
  const numbers = [played.issue, ...(played.snapshot.pull ? [played.snapshot.pull.number] : [])];
  const lists = await Promise.all(
    numbers.map((number) =>
      person.paginate(person.rest.issues.listComments, { ...repo, issue_number: number, per_page: 100 }),
    ),
  );
  const said = lists
    .flat()
    .filter(({ user }) => user?.login === request.labeller)
    .sort((a, b) => a.id - b.id)
    .map(({ body }) => body ?? "");
  return countSaid(said, request.says);
}

/** The longest beginning of `says` that `said` ends with. */
export function countSaid(said: readonly string[], says: readonly string[]): number {
  const same = (text: string, index: number) => text.trim() === says[index]?.trim();
  for (let count = Math.min(said.length, says.length); count > 0; count -= 1)
    if (said.slice(-count).every(same)) return count;
  return 0;
}

async function look(stage: Stage, request: PlayRequest, issue: number): Promise<Played> {
  const place = { owner: request.owner, name: request.name };
  const pens = ["agent-harness", "github-actions"];
  const tasks = createTaskSource(stage.person, place, { pens, withPull: true });
  const snapshot = await tasks.load(issue);
  if (!snapshot) throw new Error(`Expected issue #${issue} to be there, it is not.`);
  const record = await readRecord(issue, snapshot, { tasks });
  const task = record && foldTask(record.frame, record.entries);
  return { ...stateOf(snapshot, task), issue, snapshot, record, task };
}

function stateOf(snapshot: TaskSnapshot, task: Task | undefined): Pick<Played, "state" | "reason"> {
  if (task?.waiting) return { state: task.waiting.kind, reason: task.waiting.reason };
  if (task?.readyTree !== undefined && snapshot.pull?.isDraft === false)
    return { state: "ready", reason: "one verdict passed every item on exactly this code" };
  if (task) return { state: "failed", reason: "the App does not go on; see its log" };
  const refusal = snapshot.issue.comments.findLast(({ author }) => author.isPen)?.body;
  return {
    state: "failed",
    reason: refusal?.replace(/<!--.*?-->\s*/g, "") ?? "the App did not answer the label",
  };
}
