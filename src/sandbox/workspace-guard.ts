// Owns `.git`, `.github` and `.harness` of a workspace: that there is something to bind read-only, and that paths which the caller
// names inside the workspace do not lead out of it.

import { lstat, mkdir, realpath, rmdir } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";

/** The frame is the harness's own: a change there is never taken, so it is refused where the model can see it. */
export const GUARDED_NAMES = [".git", ".github", ".harness"] as const;

export interface WorkspaceGuard {
  readonly paths: readonly string[];
  /** Takes away the empty directories that were made as mount points, once nobody uses them. */
  release(): Promise<void>;
}

/** How many launches use a mount point that we made: removing it under a running sandbox would detach its mount. */
const made = new Map<string, number>();

/**
 * Refuses a symlink (the mount would land where it points). What is missing is made as an empty directory, or a
 * command could create `.git` with hooks that run outside; in a read-only workspace nothing can be created.
 */
export async function guardWorkspace(workspace: string, readOnly: boolean): Promise<WorkspaceGuard> {
  await requireDirectory(workspace);
  const all = GUARDED_NAMES.map((name) => join(workspace, name));
  const there = await Promise.all(all.map((path) => exists(path)));
  const ours = all.filter((path, at) => made.has(path) || !(there[at] || readOnly));
  for (const path of ours) {
    made.set(path, (made.get(path) ?? 0) + 1);
    await mkdir(path, { recursive: true });
  }
  const paths = all.filter((path, at) => there[at] || ours.includes(path));
  return { paths, release: () => releaseAll(ours.splice(0)) };
}

/** The real path of a mount's source. Throws where a path that lies in the workspace leads out of it. */
export async function mountSource(path: string, workspace: string): Promise<string> {
  if (!isAbsolute(path) || path === sep) {
    throw new Error(
      `Expected an absolute path other than "/" to bind, found \`${path}\`; name the directory itself.`,
    );
  }
  const [source, root] = await Promise.all([realPathOf(path), realpath(workspace)]);
  if (isInside(path, workspace) && !isInside(source, root)) {
    throw new Error(
      `Expected \`${path}\` to stay in the workspace, found that it leads to \`${source}\`; remove the link.`,
    );
  }
  return source;
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new Error(`Expected \`${path}\` to exist, since it is to be bound; make it or leave it out.`, {
      cause,
    });
  }
}

async function requireDirectory(workspace: string): Promise<void> {
  const found = isAbsolute(workspace) ? await lstat(workspace).catch(() => undefined) : undefined;
  if (found?.isDirectory() && workspace !== sep) return;
  throw new Error(
    `Expected \`workspace\` to be the absolute path of a directory, found \`${workspace}\`; give the checkout's real path.`,
  );
}

async function exists(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return false;
  if (found.isDirectory() || found.isFile()) return true;
  throw new Error(
    `Expected \`${path}\` to be a directory or a file, found a link or a device; replace it by a directory.`,
  );
}

async function releaseAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const users = (made.get(path) ?? 1) - 1;
    if (users > 0) {
      made.set(path, users);
      continue;
    }
    made.delete(path);
    // Only while empty: what somebody else has put there since is theirs.
    await rmdir(path).catch(() => undefined);
  }
}

export function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
