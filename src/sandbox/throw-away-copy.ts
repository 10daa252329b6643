// Owns the private copy of a workspace on which read-only work happens where nothing can be mounted read-only: makes it,
// sees what changed in it, puts that back. The real workspace is only ever read.

import { execFile } from "node:child_process";
import { cp, lstat, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, sep } from "node:path";
import { promisify } from "node:util";

export interface ThrowAwayCopy extends AsyncDisposable {
  readonly path: string;
  /** Puts the copy's path in place of the workspace's, wherever a text names it. */
  translate(text: string): string;
  /** Undoes what was changed since the copy was made or last restored; says whether anything was. */
  restore(): Promise<boolean>;
}

const run = promisify(execFile);

/** Relative path to what tells one state of an entry from another. */
type Fingerprint = ReadonlyMap<string, string>;

export async function createThrowAwayCopy(workspace: string): Promise<ThrowAwayCopy> {
  const parent = await mkdtemp(join(await realpath(tmpdir()), "agent-harness-copy-"));
  const path = join(parent, basename(workspace));
  const reflink = process.platform === "linux" ? ["--reflink=auto"] : [];
  await run("/bin/cp", ["-a", ...reflink, workspace, path]);
  let before = await fingerprint(path);
  return {
    path,
    translate: (text) => replacePath(text, workspace, path),
    async restore() {
      const after = await fingerprint(path);
      const changed = changedPaths(before, after);
      if (changed.length === 0) return false;
      for (const relative of changed) await putBack({ workspace, copy: path, relative });
      before = await fingerprint(path);
      return true;
    },
    async [Symbol.asyncDispose]() {
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** Only where a whole path is named: `/a/b` is not in `/a/bc`. */
function replacePath(text: string, from: string, to: string): string {
  return text
    .split(from)
    .reduce((left, right) => left + (/^[\w.-]/.test(right) || /[\w.-]$/.test(left) ? from : to) + right);
}

/** A directory's own times change with its entries, which are looked at themselves: only its kind and mode count. */
async function fingerprint(root: string): Promise<Fingerprint> {
  const found = new Map<string, string>();
  const open = [""];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const entries = await readdir(join(root, directory)).catch(() => []);
    const stats = await Promise.all(
      entries.map(async (name) => ({
        name,
        stat: await lstat(join(root, directory, name)).catch(() => undefined),
      })),
    );
    for (const { name, stat } of stats) {
      const relative = directory === "" ? name : `${directory}${sep}${name}`;
      // Git rewrites its index when it is only asked for the status.
      if (stat === undefined || relative === ".git") continue;
      if (stat.isDirectory()) open.push(relative);
      found.set(
        relative,
        stat.isDirectory() ? `${stat.mode}` : `${stat.mode} ${stat.ino} ${stat.size} ${stat.ctimeMs}`,
      );
    }
  }
  return found;
}

/** Parents before children. */
function changedPaths(before: Fingerprint, after: Fingerprint): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((relative) => before.get(relative) !== after.get(relative)).sort();
}

/** Removal first: where a link or a file took an entry's place, nothing may be written through it. */
async function putBack({
  workspace,
  copy,
  relative,
}: {
  workspace: string;
  copy: string;
  relative: string;
}): Promise<void> {
  const target = join(copy, relative);
  const source = join(workspace, relative);
  await rm(target, { recursive: true, force: true });
  if ((await lstat(source).catch(() => undefined)) === undefined) return;
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
