// One commit on a branch out of a list of changed files: what the contents API and GraphQL's `createCommitOnBranch` share.
import { type Forge, record } from "./forge.ts";
import { type Commit, readCommit, type Signature, writeCommit } from "./git-commit.ts";
import { type TreeEdits, writeEditedTree } from "./git-tree.ts";
import { ApiError, notFound } from "./http.ts";
import type { Identity } from "./identity.ts";
import { signatureOf } from "./show-git.ts";

export interface BranchCommit {
  readonly branch: string;
  readonly message: string;
  readonly edits: TreeEdits;
  readonly identity: Identity;
  /** The branch must still be there. */
  readonly expectedHead?: string;
  readonly author?: Signature;
  readonly committer?: Signature;
}

/** Throws 404 for an unknown branch and 422 where the branch has moved. */
export async function commitOnBranch(forge: Forge, request: BranchCommit): Promise<Commit> {
  const ref = `refs/heads/${request.branch}`;
  const head = await forge.refs.read(ref);
  const parent = head ? await readCommit(forge.git, head) : undefined;
  if (!parent) throw notFound();
  const own = signatureOf(forge, request.identity);
  const sha = await writeCommit(forge.git, {
    tree: await writeEditedTree(forge.git, parent.tree, request.edits),
    parents: [parent.sha],
    author: request.author ?? own,
    committer: request.committer ?? request.author ?? own,
    message: request.message,
  });
  if (!request.author) record(forge, { kind: "signed", at: Date.now(), sha });
  const expected = request.expectedHead ?? parent.sha;
  await forge.refs.update({ ref, sha, force: false, identity: request.identity, expected });
  const commit = await readCommit(forge.git, sha);
  if (!commit) throw new ApiError(500, `Expected the commit ${sha} that was just written, found none.`);
  return commit;
}
