// Refs, commits, trees and blobs in GraphQL, read from the bare repository.
import type { Forge } from "./forge.ts";
import { type Commit, listCommits, readCommit, type Signature } from "./git-commit.ts";
import { readTree, type TreeEntry } from "./git-tree.ts";
import {
  type Arguments,
  connection,
  type Fields,
  onlyArguments,
  PAGING,
  problem,
} from "./graphql-context.ts";
import { userByEmail } from "./graphql-people.ts";

/** GitHub cuts a blob's text here (bytes). */
const LONGEST_TEXT = 512_000;
/** `history` is read no further than this. */
const LONGEST_HISTORY = 1000;

const id = (kind: string, key: string) => Buffer.from(`0:${kind}${key}`).toString("base64");

export async function refObject(forge: Forge, qualifiedName: string): Promise<Fields | null> {
  const names = [qualifiedName, `refs/${qualifiedName}`, `refs/heads/${qualifiedName}`];
  for (const ref of names.filter((name) => name.startsWith("refs/"))) {
    const object = await forge.git.info(ref);
    if (!object) continue;
    const prefix = /^refs\/[^/]+\//.exec(ref)?.[0] ?? "refs/";
    return {
      __typename: "Ref",
      id: id("Ref", ref),
      name: ref.slice(prefix.length),
      prefix,
      target: () => gitObject(forge, object.sha, ""),
    };
  }
  return null;
}

/** What an expression names. `folder` is where a tree's entries lie. */
export async function gitObject(forge: Forge, expression: string, folder: string): Promise<Fields | null> {
  const object = await forge.git.info(expression);
  if (!object) return null;
  switch (object.type) {
    case "commit":
      return commitObject(forge, object.sha);
    case "tree":
      return treeObject(forge, object.sha, folder);
    case "blob":
      return blobObject(forge, object.sha);
    default:
      throw new Error(`The embedded GitHub does not resolve objects of type ${object.type}.`);
  }
}

export async function commitObject(forge: Forge, sha: string): Promise<Fields | null> {
  const commit = await readCommit(forge.git, sha);
  if (!commit) return null;
  const [headline = "", ...rest] = commit.message.split("\n");
  const path = `/${forge.owner}/${forge.name}/commit/${commit.sha}`;
  return {
    ...gitFields(forge, "Commit", commit.sha),
    url: `${forge.url}${path}`,
    resourcePath: path,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join("\n").trim(),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    author: personObject(forge, commit.author),
    committer: personObject(forge, commit.committer),
    signature: signatureObject(forge, commit),
    tree: () => treeObject(forge, commit.tree, ""),
    parents: async (given: Arguments) => {
      const parents = await Promise.all(commit.parents.map((parent) => commitObject(forge, parent)));
      return connection(
        "parents",
        parents.filter((one) => one !== null),
        given,
      );
    },
    history: (given: Arguments) => history(forge, commit.sha, given),
    file: ({ path: file }: Arguments) => fileObject(forge, commit.sha, String(file)),
  };
}

function gitFields(forge: Forge, kind: string, oid: string): Record<string, unknown> {
  const path = `/${forge.owner}/${forge.name}/${kind.toLowerCase()}/${oid}`;
  return {
    __typename: kind,
    id: id(kind, oid),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    commitUrl: `${forge.url}${path}`,
    commitResourcePath: path,
  };
}

function personObject(forge: Forge, { name, email, date }: Signature): Fields {
  return { __typename: "GitActor", name, email, date, user: userByEmail(forge, email) };
}

function signatureObject(forge: Forge, commit: Commit): Fields | null {
  if (!forge.marks.signed.has(commit.sha)) return null;
  return {
    __typename: "GpgSignature",
    isValid: true,
    state: "VALID",
    wasSignedByGitHub: true,
    email: commit.committer.email,
  };
}

async function history(forge: Forge, sha: string, given: Arguments): Promise<Fields> {
  onlyArguments("Commit.history", given, [...PAGING, "path"]);
  const path = typeof given.path === "string" ? [given.path] : [];
  const commits = await listCommits(forge.git, [`--max-count=${LONGEST_HISTORY}`, sha, "--", ...path]);
  const objects = await Promise.all(commits.map((commit) => commitObject(forge, commit.sha)));
  return connection(
    "history",
    objects.filter((one) => one !== null),
    given,
  );
}

async function fileObject(forge: Forge, commit: string, path: string): Promise<Fields | null> {
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "" : path.slice(0, slash);
  const entries =
    (await readTree(forge.git, folder === "" ? `${commit}^{tree}` : `${commit}:${folder}`)) ?? [];
  const entry = entries.find(({ name }) => name === path.slice(slash + 1));
  return entry ? entryObject(forge, entry, folder) : null;
}

function entryObject(forge: Forge, entry: TreeEntry, folder: string): Fields {
  const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
  return {
    __typename: "TreeEntry",
    name: entry.name,
    path,
    mode: Number.parseInt(entry.mode, 8),
    type: entry.type,
    oid: entry.sha,
    extension: /\.[^.]+$/.exec(entry.name)?.[0] ?? "",
    size: async () => (entry.type === "blob" ? ((await forge.git.info(entry.sha))?.size ?? 0) : 0),
    object: () => (entry.type === "commit" ? null : gitObject(forge, entry.sha, path)),
  };
}

async function treeObject(forge: Forge, sha: string, folder: string): Promise<Fields> {
  const entries = await readTree(forge.git, sha);
  if (!entries) throw problem("NOT_FOUND", `Expected a tree at ${sha}, found none.`);
  return {
    ...gitFields(forge, "Tree", sha),
    entries: entries.map((entry) => entryObject(forge, entry, folder)),
  };
}

async function blobObject(forge: Forge, sha: string): Promise<Fields> {
  const bytes = (await forge.git.read(sha))?.bytes ?? Buffer.alloc(0);
  // As git and GitHub judge it: a NUL among the first bytes.
  const isBinary = bytes.subarray(0, 8000).includes(0);
  return {
    ...gitFields(forge, "Blob", sha),
    byteSize: bytes.length,
    isBinary,
    isTruncated: bytes.length > LONGEST_TEXT,
    text: isBinary ? null : bytes.subarray(0, LONGEST_TEXT).toString("utf8"),
  };
}
