// Puts a change's entries onto the parent's listing: pure; what cannot be laid down is named, never bent to fit.
import type { ChangeEntry, TreeDifference } from "../core/change.ts";
import type { TreeListing } from "./git-objects.ts";

export interface Applied {
  readonly listing: TreeListing;
  /** One reason for each entry that does not fit the parent. */
  readonly faults: readonly string[];
}

function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Deletions first, so that a folder may take a file's place in one change. */
export function applyEntries(parent: TreeListing, entries: readonly ChangeEntry[]): Applied {
  const listing = new Map(parent);
  const faults: string[] = [];
  const fault = (entry: ChangeEntry, why: string) => faults.push(`${JSON.stringify(entry.path)}: ${why}`);
  for (const entry of entries.filter(({ mode }) => mode === "delete"))
    if (!listing.delete(entry.path)) fault(entry, "deleted, but not in the parent");
  const added = entries.filter(({ mode }) => mode !== "delete");
  for (const entry of added) listing.set(entry.path, { mode: entry.mode, sha: entry.blob });
  const folders = new Set([...listing.keys()].flatMap(parentsOf));
  for (const entry of added) {
    const above = parentsOf(entry.path).find((path) => listing.has(path));
    if (above !== undefined) fault(entry, `beneath ${JSON.stringify(above)}, which is no folder`);
    if (folders.has(entry.path)) fault(entry, "a file where the parent has a folder");
  }
  return { listing, faults };
}

/** Paths whose content or mode differs, sorted. */
export function differencesOf(before: TreeListing, after: TreeListing): TreeDifference[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .map((path) => ({ path, before: before.get(path), after: after.get(path) }))
    .filter(({ before: a, after: b }) => a?.sha !== b?.sha || a?.mode !== b?.mode);
}
