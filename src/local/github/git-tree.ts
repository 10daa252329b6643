// Trees as values: reading one, and writing a changed copy of one with nested paths. Plain git, no HTTP.
import type { Git } from "./git.ts";

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly name: string;
}

/** `undefined` deletes. */
export type TreeEdits = ReadonlyMap<string, Omit<TreeEntry, "name"> | undefined>;

/** The path of a deletion that names nothing. */
export class MissingPath extends Error {}

export function typeOfMode(mode: string): TreeEntry["type"] {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

export async function readTree(git: Git, revision: string): Promise<TreeEntry[] | undefined> {
  const object = await git.read(revision);
  if (object?.type !== "tree") return undefined;
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < object.bytes.length) {
    const end = object.bytes.indexOf(0, at);
    const [short = "", ...rest] = object.bytes.toString("utf8", at, end).split(" ");
    const mode = short.padStart(6, "0");
    const sha = object.bytes.toString("hex", end + 1, end + 21);
    entries.push({ mode, type: typeOfMode(mode), sha, name: rest.join(" ") });
    at = end + 21;
  }
  return entries;
}

/** Every entry below `revision` in git's order, with its whole path; trees come before what they hold. */
export async function walkTree(
  git: Git,
  revision: string,
  prefix = "",
): Promise<(TreeEntry & { path: string })[]> {
  const found: (TreeEntry & { path: string })[] = [];
  for (const entry of (await readTree(git, revision)) ?? []) {
    const path = `${prefix}${entry.name}`;
    found.push({ ...entry, path });
    if (entry.type === "tree") found.push(...(await walkTree(git, entry.sha, `${path}/`)));
  }
  return found;
}

/** Writes the tree that `edits` make of `base`. Folders left empty disappear, as in every git tree. */
export async function writeEditedTree(git: Git, base: string | undefined, edits: TreeEdits): Promise<string> {
  return (await editTree(git, base, edits, "")) ?? git.writeTree([]);
}

async function editTree(
  git: Git,
  base: string | undefined,
  edits: TreeEdits,
  folder: string,
): Promise<string | undefined> {
  const entries = new Map(
    (base ? await readTree(git, base) : undefined)?.map((entry) => [entry.name, entry]),
  );
  const nested = new Map<string, Map<string, Omit<TreeEntry, "name"> | undefined>>();
  for (const [path, entry] of edits) {
    const slash = path.indexOf("/");
    if (slash >= 0) {
      const name = path.slice(0, slash);
      nested.set(name, (nested.get(name) ?? new Map()).set(path.slice(slash + 1), entry));
    } else if (entry) entries.set(path, { ...entry, name: path });
    else if (!entries.delete(path)) throw new MissingPath(`${folder}${path}`);
  }
  for (const [name, inner] of nested) {
    const old = entries.get(name);
    const sha = await editTree(git, old?.type === "tree" ? old.sha : undefined, inner, `${folder}${name}/`);
    if (sha) entries.set(name, { mode: "040000", type: "tree", sha, name });
    else entries.delete(name);
  }
  if (entries.size === 0) return undefined;
  return git.writeTree(
    [...entries.values()].map(({ mode, type, sha, name }) => `${mode} ${type} ${sha}\t${name}`),
  );
}
