// Makes the two work directories that everything is judged on: base, and head = parent + change. `.harness/` is in neither.
import { lstat, mkdir, open, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TreeDifference } from "../core/change.ts";
import { type Change, refusedEntries } from "../core/change.ts";
import { gitBlobSha } from "../core/hash.ts";
import { Problem } from "../core/problem.ts";
import { applyEntries, differencesOf } from "./change-onto.ts";
import { listTree, readBlobs, resolveCommit, type TreeListing } from "./git-objects.ts";
import { hashListing } from "./tree-hash.ts";

export interface WorkTree {
  readonly directory: string;
  /** Without `.harness/`. */
  readonly listing: TreeListing;
  /** Work tree hash. */
  readonly tree: string;
}

export interface Trees {
  /** Commit ids. */
  readonly baseCommit: string;
  readonly parentCommit: string;
  readonly base: WorkTree;
  readonly head: WorkTree;
  /** From base to head, all tasks' earlier items included. */
  readonly differences: readonly TreeDifference[];
}

/** Either a session's change onto `parent`, or a commit as it stands (a person's push, the command line). */
export type HeadSource =
  | { readonly parent: string; readonly change: Change; readonly blobs: string }
  | { readonly revision: string };

export function withoutFrame(listing: TreeListing): TreeListing {
  return new Map([...listing].filter(([path]) => path !== ".harness" && !path.startsWith(".harness/")));
}

/** The change's blobs, each checked against its id and size. Throws `change-refused`. */
async function readChangeBlobs(change: Change, directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  const reasons: string[] = [];
  for (const entry of change.entries) {
    if (entry.mode === "delete") continue;
    const file = join(directory, entry.blob);
    const isFile = await lstat(file).then(
      (stat) => stat.isFile() && stat.size === entry.size,
      () => false,
    );
    const bytes = isFile ? await readFile(file) : undefined;
    if (bytes && gitBlobSha(bytes) === entry.blob) blobs.set(entry.blob, bytes);
    else reasons.push(`${JSON.stringify(entry.path)}: its content is missing or is not what its id says`);
  }
  if (reasons.length > 0) throw new Problem("change-refused", { entries: reasons.join("; ") });
  return blobs;
}

interface Target {
  readonly file: string;
  readonly mode: string;
}

async function writeTarget({ file, mode }: Target, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // `wx` never follows a link that is already there.
  await using handle = await open(file, "wx", mode === "100755" ? 0o755 : 0o644);
  await handle.writeFile(bytes);
}

/** Regular files first, links last: so no write can ever pass through a link of the tree. */
async function layDown(
  repository: string,
  trees: readonly WorkTree[],
  own: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const targets = new Map<string, Target[]>();
  const submodules: string[] = [];
  for (const { directory, listing } of trees) {
    await mkdir(directory, { recursive: true });
    for (const [path, { mode, sha }] of listing) {
      const file = join(directory, path);
      if (mode === "160000") submodules.push(file);
      else targets.set(sha, [...(targets.get(sha) ?? []), { file, mode }]);
    }
  }
  const links: { readonly target: Target; readonly bytes: Buffer }[] = [];
  const lay = async (sha: string, bytes: Buffer): Promise<void> => {
    for (const target of targets.get(sha) ?? [])
      if (target.mode === "120000") links.push({ target, bytes });
      else await writeTarget(target, bytes);
  };
  for (const [sha, bytes] of own) await lay(sha, bytes);
  const stored = [...targets.keys()].filter((sha) => !own.has(sha));
  for await (const { sha, bytes } of readBlobs(repository, stored)) await lay(sha, bytes);
  for (const file of submodules) await mkdir(file, { recursive: true });
  for (const { target, bytes } of links) {
    await mkdir(dirname(target.file), { recursive: true });
    await symlink(bytes, target.file);
  }
}

async function headOf(repository: string, source: HeadSource, isProtected: (path: string) => boolean) {
  if ("revision" in source) {
    const parentCommit = await resolveCommit(repository, source.revision);
    const listing = withoutFrame(await listTree(repository, parentCommit));
    return { parentCommit, listing, blobs: new Map<string, Buffer>() };
  }
  const parentCommit = await resolveCommit(repository, source.parent);
  const refuse = (reasons: readonly string[]) => {
    if (reasons.length > 0) throw new Problem("change-refused", { entries: reasons.join("; ") });
  };
  refuse(
    source.change.parent === parentCommit
      ? []
      : [`its parent is ${source.change.parent}, not ${parentCommit}`],
  );
  refuse(refusedEntries(source.change, isProtected));
  const { listing, faults } = applyEntries(
    withoutFrame(await listTree(repository, parentCommit)),
    source.change.entries,
  );
  refuse(faults);
  return { parentCommit, listing, blobs: await readChangeBlobs(source.change, source.blobs) };
}

/**
 * Lays base and head down as `base/` and `head/` under `directory`, which the caller owns and removes. Nothing is written
 * before the whole change is found good: throws `change-refused`, and `base-unknown` for a revision that is none.
 */
export async function layTrees(request: {
  readonly repository: string;
  readonly base: string;
  readonly head: HeadSource;
  readonly isProtected: (path: string) => boolean;
  readonly directory: string;
}): Promise<Trees> {
  const { repository, directory } = request;
  const baseCommit = await resolveCommit(repository, request.base);
  const baseListing = withoutFrame(await listTree(repository, baseCommit));
  const { parentCommit, listing, blobs } = await headOf(repository, request.head, request.isProtected);
  const base = { directory: join(directory, "base"), listing: baseListing, tree: hashListing(baseListing) };
  const head = { directory: join(directory, "head"), listing, tree: hashListing(listing) };
  await layDown(repository, [base, head], blobs);
  return { baseCommit, parentCommit, base, head, differences: differencesOf(baseListing, listing) };
}
