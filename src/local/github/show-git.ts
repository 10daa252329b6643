// Git's objects in the shapes of GitHub's REST API.
import type { Forge } from "./forge.ts";
import {
  type Commit,
  changedFiles,
  EMPTY_TREE,
  type FileChange,
  isoSeconds,
  type Signature,
} from "./git-commit.ts";
import type { Identity } from "./identity.ts";
import type { Json, JsonObject } from "./json.ts";

const api = (forge: Forge) => `${forge.url}${forge.repoPath}`;
const page = (forge: Forge) => `${forge.url}/${forge.owner}/${forge.name}`;

const nodeId = (kind: string, sha: string) => Buffer.from(`0:${kind}${sha}`).toString("base64");

/** Who a commit made through the API is by, when the request does not say: the token's identity, now. */
export function signatureOf(forge: Forge, identity: Identity): Signature {
  const account = forge.accounts.get(identity.login);
  return { name: account.login, email: forge.accounts.email(account), date: isoSeconds(Date.now()) };
}

export function showVerification(forge: Forge, commit: Commit): JsonObject {
  const verified = forge.marks.signed.has(commit.sha);
  const text = verified ? "embedded" : null;
  const verifiedAt = verified ? commit.committer.date : null;
  return {
    verified,
    reason: verified ? "valid" : "unsigned",
    signature: text,
    payload: text,
    verified_at: verifiedAt,
  };
}

/** As in `git/commits`. */
export function showGitCommit(forge: Forge, commit: Commit): JsonObject {
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api(forge)}/git/commits/${commit.sha}`,
    html_url: `${page(forge)}/commit/${commit.sha}`,
    author: { ...commit.author },
    committer: { ...commit.committer },
    tree: { sha: commit.tree, url: `${api(forge)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: showParents(forge, commit, "git/commits"),
    verification: showVerification(forge, commit),
  };
}

/** As in `commits` and `compare`. */
export function showCommit(forge: Forge, commit: Commit): JsonObject {
  const address = `${api(forge)}/commits/${commit.sha}`;
  const person = (signature: Signature): Json => {
    const account = forge.accounts.byEmail(signature.email);
    return account ? forge.accounts.show(account) : null;
  };
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    commit: {
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      tree: { sha: commit.tree, url: `${api(forge)}/git/trees/${commit.tree}` },
      url: `${api(forge)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: showVerification(forge, commit),
    },
    url: address,
    html_url: `${page(forge)}/commit/${commit.sha}`,
    comments_url: `${address}/comments`,
    author: person(commit.author),
    committer: person(commit.committer),
    parents: showParents(forge, commit, "commits"),
  };
}

function showParents(forge: Forge, commit: Commit, folder: string): Json[] {
  return commit.parents.map((sha) => ({
    sha,
    url: `${api(forge)}/${folder}/${sha}`,
    html_url: `${page(forge)}/commit/${sha}`,
  }));
}

export function showFile(forge: Forge, head: string, file: FileChange): JsonObject {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page(forge)}/blob/${head}/${path}`,
    raw_url: `${page(forge)}/raw/${head}/${path}`,
    contents_url: `${api(forge)}/contents/${path}?ref=${head}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

/** As in `GET commits/:ref`: with what changed. */
export async function showWholeCommit(forge: Forge, commit: Commit): Promise<JsonObject> {
  const files = await changedFiles(forge.git, commit.parents[0] ?? EMPTY_TREE, commit.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...showCommit(forge, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => showFile(forge, commit.sha, file)),
  };
}

export function showRef(forge: Forge, ref: string, object: { sha: string; type: string }): JsonObject {
  return {
    ref,
    node_id: nodeId("Ref", ref),
    url: `${api(forge)}/git/${ref}`,
    object: { sha: object.sha, type: object.type, url: `${api(forge)}/git/${object.type}s/${object.sha}` },
  };
}
