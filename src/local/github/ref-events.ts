// What follows when a ref moves: `push`, pull requests that follow their branch, and those whose branch is gone.
import { emit, type Forge, writeStore } from "./forge.ts";
import {
  type Commit,
  changedFiles,
  EMPTY_TREE,
  listCommits,
  readCommit,
  type Signature,
} from "./git-commit.ts";
import { emitIssue } from "./issue-events.ts";
import type { Json, JsonObject } from "./json.ts";
import { type RefChange, ZERO } from "./refs.ts";

/** GitHub lists no more than this many commits in a push. */
const MOST_COMMITS = 2048;
const HEADS = "refs/heads/";

export async function followRef(forge: Forge, change: RefChange): Promise<void> {
  const branch = change.ref.startsWith(HEADS) ? change.ref.slice(HEADS.length) : undefined;
  const pulls = branch === undefined ? [] : forge.pulls.openFrom(branch);
  for (const { number } of pulls) await followPull(forge, change, number);
  // GitHub sends `push` for branches and tags alone. Reading what was pushed takes several processes; the client
  // need not wait for that.
  if (branch === undefined && !change.ref.startsWith("refs/tags/")) return;
  forge.background.start(async () => {
    await emitPush(forge, change);
    for (const { number } of pulls) await emitPull(forge, change, number);
  });
}

async function followPull(forge: Forge, { after, identity }: RefChange, number: number): Promise<void> {
  if (after !== ZERO) return forge.refs.mirror(`refs/pull/${number}/head`, after);
  await writeStore(forge, identity, { method: "PATCH", path: `/pulls/${number}`, body: { state: "closed" } });
}

async function emitPull(forge: Forge, { before, after, identity }: RefChange, number: number): Promise<void> {
  if (after === ZERO) await emitIssue(forge, identity, { action: "closed", number });
  else await emitIssue(forge, identity, { action: "synchronize", number, extra: { before, after } });
}

async function emitPush(forge: Forge, change: RefChange): Promise<void> {
  const { ref, before, after, forced, identity } = change;
  const account = forge.accounts.get(identity.login);
  const created = before === ZERO;
  const deleted = after === ZERO;
  const commits = deleted ? [] : await pushedCommits(forge, change);
  const head = deleted ? undefined : await readCommit(forge.git, after);
  const page = `${forge.url}/${forge.owner}/${forge.name}`;
  const compare =
    created || deleted
      ? `${page}/compare/${ref}`
      : `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`;
  await emit(forge, "push", identity, {
    ref,
    before,
    after,
    pusher: { name: account.login, email: forge.accounts.email(account) },
    created,
    deleted,
    forced,
    base_ref: null,
    compare,
    commits: await Promise.all(commits.map((commit) => pushCommit(forge, commit))),
    head_commit: head ? await pushCommit(forge, head) : null,
  });
}

async function pushedCommits(forge: Forge, { ref, before, after }: RefChange): Promise<Commit[]> {
  const limit = [`--max-count=${MOST_COMMITS}`, "--reverse", after];
  if (before !== ZERO) return listCommits(forge.git, [...limit, `^${before}`]);
  // A new branch brings what no other branch has.
  const others = (await forge.refs.list(HEADS)).filter((one) => one.ref !== ref);
  return listCommits(forge.git, [...limit, ...others.map((one) => `^${one.sha}`)]);
}

async function pushCommit(forge: Forge, commit: Commit): Promise<JsonObject> {
  const files = await changedFiles(forge.git, commit.parents[0] ?? EMPTY_TREE, commit.sha);
  const person = ({ name, email }: Signature): JsonObject => {
    const login = forge.accounts.byEmail(email)?.login;
    return { name, email, ...(login === undefined ? {} : { username: login }) };
  };
  const paths = (status: string): Json[] =>
    files.filter((file) => file.status === status).map((file) => file.path);
  const renamed = files.filter((file) => file.status === "renamed");
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${forge.url}/${forge.owner}/${forge.name}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: [...paths("added"), ...renamed.map((file) => file.path)],
    removed: [...paths("removed"), ...renamed.map((file) => file.previousPath ?? "")],
    modified: paths("modified"),
  };
}
