// Commits as values: parsing, writing, listing and comparing. Plain git, no HTTP.
import type { Git } from "./git.ts";

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface FileChange {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: "added" | "removed" | "modified" | "renamed";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | undefined;
}

export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const NO_OBJECT = "0".repeat(40);

export const isoSeconds = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

export async function readCommit(git: Git, revision: string): Promise<Commit | undefined> {
  const object = await git.read(`${revision}^{commit}`);
  if (object?.type !== "commit") return undefined;
  const text = object.bytes.toString("utf8");
  const gap = text.indexOf("\n\n");
  const headers = text.slice(0, gap).split("\n");
  const values = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    sha: object.sha,
    tree: values("tree")[0] ?? EMPTY_TREE,
    parents: values("parent"),
    author: parseSignature(values("author")[0] ?? ""),
    committer: parseSignature(values("committer")[0] ?? ""),
    message: text.slice(gap + 2),
  };
}

function parseSignature(line: string): Signature {
  const match = /^(.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/.exec(line);
  return {
    name: match?.[1] ?? "",
    email: match?.[2] ?? "",
    date: isoSeconds(Number(match?.[3] ?? 0) * 1000),
  };
}

/** The objects must exist. The message is kept byte for byte. */
export async function writeCommit(git: Git, commit: Omit<Commit, "sha">): Promise<string> {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, "").trim();
  const line = ({ name, email, date }: Signature) =>
    `${clean(name)} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${line(commit.author)}`,
    `committer ${line(commit.committer)}`,
  ];
  return git.write("commit", Buffer.from(`${headers.join("\n")}\n\n${commit.message}`));
}

export async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true;
  // The usual case without a process: the new commit sits on the old one.
  if ((await readCommit(git, descendant))?.parents.includes(ancestor)) return true;
  return (await git.run(["merge-base", "--is-ancestor", ancestor, descendant])).code === 0;
}

/** Newest first. `options` are further arguments of `git rev-list`. */
export async function listCommits(git: Git, options: readonly string[]): Promise<Commit[]> {
  const result = await git.run(["rev-list", ...options]);
  const shas = result.stdout.toString("utf8").split("\n").filter(Boolean);
  const commits = await Promise.all(shas.map((sha) => readCommit(git, sha)));
  return commits.filter((commit) => commit !== undefined);
}

/** What changed from `base` to `head`, with renames found as GitHub finds them. */
export async function changedFiles(git: Git, base: string, head: string): Promise<FileChange[]> {
  const format = ["-r", "-M", "--no-commit-id", "--no-abbrev", "-z", "--raw", "--numstat", "-p"];
  const fields = (await git.text(["diff-tree", ...format, base, head])).split("\0");
  const changes = takeRaw(fields);
  const counts = takeNumstat(fields, changes.length);
  // An empty field stands between the lists and the patches.
  const patches = fields
    .join("\0")
    .replace(/^\0/, "")
    .split(/^diff --git /m)
    .slice(1);
  return changes.map((change, index) => {
    const text = patches[index] ?? "";
    const hunk = text.search(/^@@ /m);
    return {
      ...change,
      ...(counts[index] ?? NO_LINES),
      patch: hunk < 0 ? undefined : text.slice(hunk).trimEnd(),
    };
  });
}

const NO_LINES = { additions: 0, deletions: 0 };

/** Takes the `--raw` records off the front of `fields`. */
function takeRaw(fields: string[]): Omit<FileChange, "additions" | "deletions" | "patch">[] {
  const changes: Omit<FileChange, "additions" | "deletions" | "patch">[] = [];
  while (fields[0]?.startsWith(":")) {
    const [, , before = "", after = "", letter = ""] = (fields.shift() ?? "").split(" ");
    const renamed = letter.startsWith("R");
    const previousPath = renamed ? fields.shift() : undefined;
    const path = fields.shift() ?? "";
    const sha = after === NO_OBJECT ? before : after;
    const status = renamed ? "renamed" : letter === "A" ? "added" : letter === "D" ? "removed" : "modified";
    changes.push({ path, previousPath, status, sha });
  }
  return changes;
}

/** Takes `count` `--numstat` records off the front of `fields`. */
function takeNumstat(fields: string[], count: number): { additions: number; deletions: number }[] {
  return Array.from({ length: count }, () => {
    const [additions = "", deletions = "", path = ""] = (fields.shift() ?? "").split("\t");
    // A rename has its two paths in fields of their own.
    if (path === "") fields.splice(0, 2);
    // Binary files have dashes in place of numbers.
    return { additions: Number(additions) || 0, deletions: Number(deletions) || 0 };
  });
}
