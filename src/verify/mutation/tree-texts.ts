// A work tree on disk as the gates read it: text by path, nothing followed, nothing large, and only what the listing names:
// hostile code may have put anything in a file's place since.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { gitBlobSha } from "../../core/hash.ts";
import type { TreeTexts } from "../../gates/change/changed-files.ts";
import type { TreeListing } from "../git-objects.ts";

const largestBytes = 1_048_576;

/** The file's bytes if they are those of the blob; whatever else is there, a link on the way too, is not told of. */
function readListed(path: string, sha: string): Buffer | undefined {
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    // A link, a socket, or nothing any more.
    return undefined;
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile() || stat.size > largestBytes) return undefined;
    const bytes = Buffer.alloc(stat.size);
    const length = readSync(handle, bytes, 0, stat.size, 0);
    return length === stat.size && gitBlobSha(bytes) === sha ? bytes : undefined;
  } finally {
    closeSync(handle);
  }
}

/** Reads a file when it is asked for, and once. */
export function readTreeTexts(directory: string, listing: TreeListing): TreeTexts {
  const files = new Map(
    [...listing].flatMap(([path, { mode, sha }]): [string, string][] =>
      mode.startsWith("100") ? [[path, sha]] : [],
    ),
  );
  const read = new Map<string, string | undefined>();
  const size = (path: string) =>
    files.has(path) ? (lstatSync(join(directory, path), { throwIfNoEntry: false })?.size ?? 0) : 0;
  const load = (path: string) => {
    const sha = files.get(path);
    const text = sha === undefined ? undefined : readListed(join(directory, path), sha)?.toString("utf8");
    return text === undefined || text.includes("\0") || text.includes("\ufffd") ? undefined : text;
  };
  return {
    paths: [...files.keys()].sort(),
    size,
    text(path) {
      if (!read.has(path)) read.set(path, load(path));
      return read.get(path);
    },
  };
}
