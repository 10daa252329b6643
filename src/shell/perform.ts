// The one switch from effect to port call. What an effect needs of the ones before it (numbers, heads) is carried here.
import type { Effect } from "../core/effect.ts";
import type { FileChange, TaskFacts } from "../core/facts.ts";
import type { Discussion, GitWriter, Runs, TreeChange } from "../ports.ts";
import { capped } from "../render/text.ts";

export interface PerformPorts {
  readonly git: GitWriter;
  readonly discussion: Discussion;
  readonly runs: Runs;
}

interface Progress {
  headSha: string | undefined;
  pull: { number: number; nodeId: string } | undefined;
}

/** Performs in order. `conflict`: somebody else moved a ref first; the effects after it were left out. */
export async function perform(
  effects: readonly Effect[],
  facts: TaskFacts,
  ports: PerformPorts,
): Promise<"done" | "conflict"> {
  const progress: Progress = { headSha: facts.head?.sha, pull: facts.pull };
  for (const effect of effects) {
    const result = await performOne(effect, { facts, ports, progress });
    if (result === "conflict") return "conflict";
  }
  return "done";
}

interface Context {
  readonly facts: TaskFacts;
  readonly ports: PerformPorts;
  readonly progress: Progress;
}

async function performOne(effect: Effect, context: Context): Promise<"conflict" | undefined> {
  const { facts, ports, progress } = context;
  switch (effect.type) {
    case "commit":
      return commit(effect, context);
    case "seal": {
      const tree = await ports.git.makeTree(undefined, treeChanges(effect.files));
      await ports.git.replace({ ref: effect.ref, parents: [], tree: tree.sha, message: effect.message });
      return;
    }
    case "archive":
      return archive(effect, context);
    case "open-pull": {
      const { defaultBranch } = facts.repository;
      progress.pull = await ports.discussion.openPull({ ...effect, base: defaultBranch });
      return;
    }
    case "comment": {
      const number = effect.on === "issue" ? facts.issue.number : progress.pull?.number;
      if (number !== undefined) await ports.discussion.comment(number, bounded(effect.body));
      return;
    }
    case "edit-comment":
      return void (await ports.discussion.editComment(effect.id, bounded(effect.body)));
    case "react":
      return void (await ports.discussion.react(effect.comment, effect.content));
    case "dispatch":
      return void (await ports.runs.dispatch(effect.task, effect.ticket));
    case "cancel-run":
      return void (await ports.runs.cancel(effect.run));
    case "check":
      if (progress.headSha !== undefined)
        await ports.discussion.postCheck({ ...effect, headSha: progress.headSha });
      return;
    case "mark-ready":
      if (progress.pull) await ports.discussion.markReady(progress.pull.nodeId);
      return;
    case "confirm-head": {
      const head = await ports.git.headOf(`heads/${effect.branch}`);
      return head === progress.headSha ? undefined : "conflict";
    }
  }
}

/** What GitHub would refuse for its length would be tried again at every event. */
function bounded(body: string): string {
  return capped(body, "*Cut: the rest is in the ledger on the branch.*", 65_500);
}

async function commit(
  effect: Extract<Effect, { type: "commit" }>,
  { ports, progress }: Context,
): Promise<"conflict" | undefined> {
  const tree = await ports.git.makeTree(effect.baseTree ?? effect.parent, treeChanges(effect.files));
  const result = await ports.git.commit({
    ref: effect.ref,
    parents: [effect.parent],
    tree: tree.sha,
    message: effect.message,
    create: effect.create,
  });
  if (result === "conflict") return "conflict";
  if (effect.ref.startsWith("heads/")) progress.headSha = result.sha;
  return undefined;
}

/** First the archive, then the branch: a process killed in between finds the frame still on the branch and starts over. */
async function archive(
  effect: Extract<Effect, { type: "archive" }>,
  { ports, progress }: Context,
): Promise<"conflict" | undefined> {
  const kept = await ports.git.makeTree(effect.parent, treeChanges(effect.files));
  await ports.git.replace({
    ref: effect.archive,
    parents: [effect.parent],
    tree: kept.sha,
    message: effect.message,
  });
  const bare = await ports.git.withoutFolder(effect.parent, effect.removed);
  const result = await ports.git.commit({
    ref: effect.branch,
    parents: [effect.parent],
    tree: bare.sha,
    message: effect.message,
    create: false,
  });
  if (result === "conflict") return "conflict";
  progress.headSha = result.sha;
  return undefined;
}

function treeChanges(files: readonly FileChange[]): TreeChange[] {
  return files.map(({ path, text, isExecutable }) => ({
    path,
    content: text === null ? null : Buffer.from(text),
    ...(isExecutable ? { mode: "100755" as const } : {}),
  }));
}
