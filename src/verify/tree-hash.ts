// The work tree hash of a listing and of a directory on disk, by our own computation: no index, no git process.
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { TreeFile } from "../core/change.ts";
import { type GitTreeEntry, gitBlobSha, gitTreeSha, workTreeHash } from "../core/hash.ts";
import type { TreeListing } from "./git-objects.ts";

type Folder = Map<string, Folder | TreeFile>;

function isFolder(node: Folder | TreeFile): node is Folder {
  return node instanceof Map;
}

function folded(listing: TreeListing): Folder {
  const root: Folder = new Map();
  for (const [path, file] of listing) {
    const parts = path.split("/");
    const name = parts.pop() ?? path;
    let folder = root;
    for (const part of parts) {
      const next = folder.get(part);
      if (next && isFolder(next)) folder = next;
      else {
        const made: Folder = new Map();
        folder.set(part, made);
        folder = made;
      }
    }
    folder.set(name, file);
  }
  return root;
}

function entriesOf(folder: Folder): GitTreeEntry[] {
  return [...folder].map(([path, node]) =>
    isFolder(node) ? { path, mode: "040000", sha: gitTreeSha(entriesOf(node)) } : { path, ...node },
  );
}

/** The work tree hash of these files: equal to git's tree id with `.harness/` left out. */
export function hashListing(listing: TreeListing): string {
  return workTreeHash(entriesOf(folded(listing)));
}

/**
 * What lies in the directory now, as git would list it; symlinks by their target text, never followed. Submodules are
 * empty folders on disk, so they are handed in. Folders in `skip` are left out.
 */
export async function listDirectory(
  directory: string,
  submodules: TreeListing = new Map(),
  skip: ReadonlySet<string> = new Set(),
): Promise<TreeListing> {
  const listing = new Map<string, TreeFile>(submodules);
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(directory, relative), { withFileTypes: true })) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      const full = join(directory, path);
      if (skip.has(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isSymbolicLink())
        listing.set(path, { mode: "120000", sha: gitBlobSha(await readlink(full, { encoding: "buffer" })) });
      else if (entry.isFile()) {
        const isExecutable = ((await lstat(full)).mode & 0o100) !== 0;
        listing.set(path, {
          mode: isExecutable ? "100755" : "100644",
          sha: gitBlobSha(await readFile(full)),
        });
      }
    }
  };
  await walk("");
  return listing;
}
