// Dependency folders: which ones a set-up made, and how a fresh copy gets them without copying what is large.
import type { Dirent } from "node:fs";
import { cp, lstat, mkdir, readdir, readlink, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** `path` is relative to the tree; `from` is where it really lies. */
export interface DependencyFolder {
  readonly path: string;
  readonly from: string;
}

/** How a fresh copy gets the folder: entry by entry so that tools can still write beside them, as one link, or copied. */
const waysByName: Readonly<Record<string, "entries" | "link" | "copy">> = {
  node_modules: "entries",
  ".venv": "link",
  venv: "link",
  vendor: "link",
  // Compilers write into it.
  target: "copy",
};

const deepestWorkspace = 4;

function childrenOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true });
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Dependency folders of `directory` that `tracked`, a tree of the same repository, does not have itself. */
export async function findDependencies(directory: string, tracked: string): Promise<DependencyFolder[]> {
  const found: DependencyFolder[] = [];
  const walk = async (relative: string, depth: number): Promise<void> => {
    for (const entry of await childrenOf(join(directory, relative))) {
      if (!entry.isDirectory() || entry.name === ".git") continue;
      const path = join(relative, entry.name);
      if (Object.hasOwn(waysByName, entry.name)) {
        if (!(await exists(join(tracked, path)))) found.push({ path, from: join(directory, path) });
      } else if (depth < deepestWorkspace) await walk(path, depth + 1);
    }
  };
  await walk("", 1);
  return found;
}

/** Links of workspaces point back into the tree: recreated as they are, they lead into the copy and not to base. */
async function linkEntry(from: string, to: string, entry: Dirent): Promise<void> {
  if (entry.isSymbolicLink()) return symlink(await readlink(from), to);
  await symlink(from, to);
}

async function linkEntries(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await childrenOf(from)) {
    if (/^\.(?:cache|vite|vite-temp|vitest)$/.test(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const isFolderOfEntries = entry.isDirectory() && (entry.name.startsWith("@") || entry.name === ".bin");
    if (isFolderOfEntries) await linkEntries(source, target);
    else await linkEntry(source, target, entry);
  }
}

function copyFolder(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** Base does not track these paths: whatever the tree itself has there gives way. Folders whose place is gone are left out. */
async function freePlaces(folders: readonly DependencyFolder[], copy: string) {
  const places: { readonly from: string; readonly to: string; readonly name: string }[] = [];
  for (const { path, from } of folders) {
    const to = join(copy, path);
    const parent = await lstat(dirname(to)).catch(() => undefined);
    if (!parent?.isDirectory()) continue;
    await rm(to, { recursive: true, force: true });
    places.push({ from, to, name: basename(path) });
  }
  return places;
}

/** Puts the folders into a fresh copy, each in the cheapest way that keeps the original as it is. */
export async function linkDependencies(folders: readonly DependencyFolder[], copy: string): Promise<void> {
  for (const { from, to, name } of await freePlaces(folders, copy)) {
    const way = waysByName[name] ?? "link";
    if (way === "entries") await linkEntries(from, to);
    else if (way === "link") await symlink(from, to);
    else await copyFolder(from, to);
  }
}

/** The same for a set-up that may want to write into them. */
export async function copyDependencies(folders: readonly DependencyFolder[], copy: string): Promise<void> {
  for (const { from, to } of await freePlaces(folders, copy)) await copyFolder(from, to);
}
