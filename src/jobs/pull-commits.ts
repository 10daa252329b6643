// The commits of a pull request in the job's checkout. Head is read as objects alone; nothing of it is checked out here.
import { Problem } from "../core/problem.ts";
import type { PullRequestEvent } from "../core/pull-request-event.ts";
import { isShallow, mergeBase, resolveCommit } from "../verify/git-objects.ts";

export interface PullCommits {
  readonly head: string;
  /** Where the pull request left its base branch: what head is compared with. */
  readonly base: string;
  /** The base branch as it is now: who opens a pull request chooses `base`, but not what the branch has become. */
  readonly tip: string;
}

/** Throws `history-missing`. */
export async function findCommits(repository: string, pull: PullRequestEvent): Promise<PullCommits> {
  const missing = (what: string) => new Problem("history-missing", { what });
  const find = (revision: string) => resolveCommit(repository, revision).catch(() => undefined);
  const head = await find(pull.headSha);
  if (head === undefined) throw missing(`no commit ${pull.headSha.slice(0, 12)}, the pull request's head`);
  const tip = (await find(`refs/remotes/origin/${pull.baseRef}`)) ?? (await find(pull.baseSha));
  if (tip === undefined) throw missing("no commit of the base branch");
  if (await isShallow(repository)) throw missing("a history that was cut off");
  const base = await mergeBase(repository, tip, head);
  if (base === undefined) throw missing("a head that shares no history with its base branch");
  return { head, base, tip };
}
