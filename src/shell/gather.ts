// Reads what a decision needs, and no more: one request for the task, a few where its state asks for them.
import { mayBeCommand } from "../core/command.ts";
import { parseConfig } from "../core/config.ts";
import type { CommandComment, OurComment, Person, RecordFacts, RunFacts, TaskFacts } from "../core/facts.ts";
import { archiveRef, branchName, type Frame, frameSchema } from "../core/frame.ts";
import { parseLedger } from "../core/ledger.ts";
import { Problem } from "../core/problem.ts";
import { foldTask, isVerified, type Task } from "../core/task.ts";
import { type Verdict, verdictSchema } from "../core/verdict.ts";
import { frameFiles, generateFrame } from "../frames/generate.ts";
import { manifestPaths } from "../frames/repository.ts";
import type {
  Actor,
  CommentSnapshot,
  CommitSnapshot,
  Discussion,
  RecordSnapshot,
  Runs,
  TaskSnapshot,
  TaskSource,
} from "../ports.ts";
import { labelOf } from "./authority.ts";

export interface GatherPorts {
  readonly tasks: TaskSource;
  readonly runs: Runs;
  readonly discussion: Discussion;
}

export interface GatherRequest {
  readonly task: number;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly now: string;
  readonly freshTicket: string;
  readonly newComment: number | undefined;
}

/** `undefined` where there is no such issue. */
export async function gather(request: GatherRequest, ports: GatherPorts): Promise<TaskFacts | undefined> {
  const snapshot = await ports.tasks.load(request.task);
  if (!snapshot) return undefined;
  const config = readConfig(snapshot);
  const record = await readRecord(request.task, snapshot, ports);
  const task = record && foldTask(record.frame, record.entries);
  const head = snapshot.branch && {
    sha: snapshot.branch.sha,
    tree: snapshot.branch.workTree,
    isPushed: !snapshot.branch.isPen,
  };
  // Also after an edit of the issue, which the label may authorise anew.
  const wantsFrame = !record || task?.waiting?.reason === "request-edited";
  const [runs, check, labelledBy, proposal, comments] = await Promise.all([
    readRuns(request.task, task, ports),
    head && task?.verdict ? ports.discussion.check(head.sha) : undefined,
    wantsFrame ? labeller(snapshot, config, ports) : undefined,
    wantsFrame
      ? propose(snapshot, { config, base: record?.frame.base ?? snapshot.defaultSha }, ports)
      : undefined,
    commandComments(snapshot, task, { config, ports }),
  ]);
  const wantsVerdict =
    head !== undefined &&
    task?.verdict?.tree === head.tree &&
    (check?.headSha !== head.sha || (isVerified(task, head.tree) && task.readyTree !== head.tree));
  return {
    now: request.now,
    freshTicket: request.freshTicket,
    repository: {
      ...request.repository,
      defaultBranch: snapshot.defaultBranch,
      defaultSha: snapshot.defaultSha,
      url: snapshot.repositoryUrl,
    },
    config,
    issue: {
      number: snapshot.issue.number,
      title: snapshot.issue.title,
      body: snapshot.issue.body,
      isOpen: snapshot.issue.isOpen,
      labels: snapshot.issue.labels,
      labelledBy,
      labelEvent: snapshot.issue.labelledBy.get(labelOf(config))?.event,
      changedAt: snapshot.issue.changedAt,
    },
    proposal,
    head,
    record,
    pull: snapshot.pull,
    comments,
    newComment: request.newComment,
    ours: ourComments(snapshot),
    runs,
    verdict:
      wantsVerdict && task?.verdict ? await readVerdict(request.task, task.verdict.ticket, ports) : undefined,
    check,
  };
}

export function readConfig(snapshot: Pick<RecordSnapshot, "configText">): TaskFacts["config"] {
  const parsed = parseConfig(snapshot.configText ?? "");
  if ("config" in parsed) return parsed;
  return { mistakes: parsed.mistakes.map(({ line, message }) => `line ${line}: ${message}`).join("\n") };
}

/** From the branch while the frame is on it, else from the archive; always as the pen last committed it. */
export async function readRecord(
  task: number,
  snapshot: RecordSnapshot,
  { tasks }: Pick<GatherPorts, "tasks">,
): Promise<RecordFacts | undefined> {
  const { branch, archive } = snapshot;
  if (branch && !branch.isPen && branch.ledgerText !== undefined) {
    const trusted = await tasks.lastPenCommit(task);
    return trusted && parseRecord(trusted, `heads/${branchName(task)}`, branch.sha);
  }
  if (branch?.ledgerText !== undefined) return parseRecord(branch, `heads/${branchName(task)}`, branch.sha);
  return archive && parseRecord(archive, archiveRef(task), archive.sha);
}

function parseRecord(commit: CommitSnapshot, ref: string, sha: string): RecordFacts | undefined {
  if (commit.ledgerText === undefined || commit.frameText === undefined) return undefined;
  return {
    ref,
    sha,
    frame: parseFrame(commit.frameText),
    ledgerText: commit.ledgerText,
    entries: parseLedger(commit.ledgerText),
  };
}

/** Throws `frame-tampered` where the text is no frame. */
export function parseFrame(text: string): Frame {
  try {
    return frameSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Problem("frame-tampered", { what: "`frame.json` does not follow its schema" }, { cause });
  }
}

async function readRuns(task: number, state: Task | undefined, { runs }: GatherPorts): Promise<RunFacts[]> {
  const ticket =
    state?.openRun?.ticket ?? (state?.waiting?.kind === "stopped" ? state.runs.at(-1)?.ticket : undefined);
  return ticket === undefined ? [] : runs.withTicket(task, ticket);
}

async function person(actor: Actor, { tasks }: GatherPorts): Promise<Person> {
  const permission = actor.isUser ? await tasks.permission(actor) : "none";
  return { login: actor.login, id: actor.id, isUser: actor.isUser, permission };
}

async function labeller(
  snapshot: TaskSnapshot,
  config: TaskFacts["config"],
  ports: GatherPorts,
): Promise<TaskFacts["issue"]["labelledBy"]> {
  const label = labelOf(config);
  const labelled = snapshot.issue.labels.includes(label) ? snapshot.issue.labelledBy.get(label) : undefined;
  if (!labelled) return undefined;
  const { actor, at, event } = labelled;
  return { ...(await person(actor, ports)), at, event };
}

async function propose(
  { issue }: TaskSnapshot,
  { config, base }: { config: TaskFacts["config"]; base: string },
  { tasks }: GatherPorts,
): Promise<TaskFacts["proposal"]> {
  if (!("config" in config) || !issue.labels.includes(config.config.label)) return undefined;
  const repository = await tasks.repositoryFacts(base, manifestPaths);
  const frame = generateFrame({
    task: issue.number,
    request: { title: issue.title, body: issue.body },
    labels: issue.labels,
    base,
    repository,
    config: config.config,
  });
  return { frame, files: frameFiles(frame) };
}

/** Only comments that could be commands cost a permission look-up. */
async function commandComments(
  snapshot: TaskSnapshot,
  task: Task | undefined,
  { config, ports }: { config: TaskFacts["config"]; ports: GatherPorts },
): Promise<CommandComment[]> {
  // Before there is a frame, only what was said after the label is about this task.
  const since = task ? "" : snapshot.issue.labelledBy.get(labelOf(config))?.at;
  if (since === undefined) return [];
  const all = [
    ...snapshot.issue.comments.map((comment) => ({ on: "issue" as const, comment })),
    ...(snapshot.pull?.comments ?? []).map((comment) => ({ on: "pull" as const, comment })),
  ];
  const possible = all
    .filter(({ comment }) => mayBeCommand(comment.body) && comment.author.isUser && !comment.isEdited)
    .filter(({ comment }) => comment.createdAt >= since && !task?.handledComments.has(comment.id))
    .sort((a, b) => a.comment.id - b.comment.id);
  return Promise.all(
    possible.map(async ({ on, comment }) => ({
      id: comment.id,
      on,
      author: await person(comment.author, ports),
      body: comment.body,
      isEdited: comment.isEdited,
    })),
  );
}

function ourComments(snapshot: TaskSnapshot): OurComment[] {
  const ours = (comments: readonly CommentSnapshot[]) =>
    comments.flatMap(({ id, author, body, createdAt }) => {
      const marker = /^<!-- agent-harness:[a-z]+:\d+(:[\w-]+)? -->/.exec(body)?.[0];
      return author.isPen && marker !== undefined ? [{ id, marker, body, createdAt }] : [];
    });
  return [...ours(snapshot.issue.comments), ...ours(snapshot.pull?.comments ?? [])];
}

/** The verdict of the one run that can count for a ticket, unless it was re-run. */
export async function readVerdict(
  task: number,
  ticket: string,
  { runs }: Pick<GatherPorts, "runs">,
): Promise<Verdict | undefined> {
  const [run] = await runs.withTicket(task, ticket);
  if (run?.attempt !== 1) return undefined;
  const files = await runs.artifact(run.id, `verdict-${ticket}`);
  const bytes = files?.get("verdict.json");
  return bytes && parseVerdict(bytes, ticket);
}

export function parseVerdict(bytes: Uint8Array, ticket: string): Verdict | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
  const parsed = verdictSchema.safeParse(value);
  return parsed.success && parsed.data.ticket === ticket && parsed.data.attempt === 1
    ? parsed.data
    : undefined;
}
