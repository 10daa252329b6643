// A work tree on disk as the gates read it: text by path, nothing followed, nothing large.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeTexts } from "../../gates/change/changed-files.ts";
import type { TreeListing } from "../git-objects.ts";

const largestBytes = 1_048_576;

/** Reads a file when it is asked for, and once. */
export function readTreeTexts(directory: string, listing: TreeListing): TreeTexts {
  const files = new Set([...listing].filter(([, { mode }]) => mode.startsWith("100")).map(([path]) => path));
  const read = new Map<string, string | undefined>();
  const size = (path: string) =>
    files.has(path) ? (lstatSync(join(directory, path), { throwIfNoEntry: false })?.size ?? 0) : 0;
  const load = (path: string) => {
    if (!files.has(path) || size(path) > largestBytes) return undefined;
    const text = readFileSync(join(directory, path), "utf8");
    return text.includes("\0") || text.includes("\ufffd") ? undefined : text;
  };
  return {
    paths: [...files].sort(),
    size,
    text(path) {
      if (!read.has(path)) read.set(path, load(path));
      return read.get(path);
    },
  };
}
