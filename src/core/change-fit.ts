// Whether a change's entries fit the tree they are laid onto: nothing beneath a link or a file, no name that is another's
// twin. Needs only the folders that the entries touch, so that a repository of any size is told about in full.
import type { ChangeEntry } from "./change.ts";
import { foldersAbove, plainName, shownPath } from "./change-path.ts";

/** By folder (`""` is the root), then by name: the mode as git prints it. A folder that is not there is not in it. */
export type FolderListing = ReadonlyMap<string, ReadonlyMap<string, string>>;

const kinds: Readonly<Record<string, string>> = {
  "120000": "a symbolic link",
  "160000": "a submodule",
  "100644": "a file",
  "100755": "a file",
};

const isFolder = (mode: string) => mode.replace(/^0/, "") === "40000";

/** The folders that `misfits` and `withoutMissing` look into. */
export function touchedFolders(entries: readonly ChangeEntry[]): string[] {
  return [...new Set(["", ...entries.flatMap(({ path }) => foldersAbove(path))])];
}

/** What is to be deleted and is gone already is no part of the change: the branch may have moved on. */
export function withoutMissing<Entry extends { readonly path: string }>(
  deletions: readonly Entry[],
  folders: FolderListing,
): Entry[] {
  return deletions.filter(({ path }) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return folders.get(foldersAbove(path).at(-1) ?? "")?.has(name) === true;
  });
}

/** One reason for each entry that does not fit. */
export function misfits(entries: readonly ChangeEntry[], folders: FolderListing): string[] {
  const deleted = new Set(entries.filter(({ mode }) => mode === "delete").map(({ path }) => path));
  return entries
    .filter(({ mode }) => mode !== "delete")
    .flatMap(({ path }) => {
      const why = misfit(path, { deleted, folders });
      return why === undefined ? [] : [`${shownPath(path)}: ${why}`];
    });
}

interface Tree {
  readonly deleted: ReadonlySet<string>;
  readonly folders: FolderListing;
}

function misfit(path: string, { deleted, folders }: Tree): string | undefined {
  for (const place of [...foldersAbove(path), path]) {
    const folder = foldersAbove(place).at(-1) ?? "";
    const inFolder = (name: string) => (folder === "" ? name : `${folder}/${name}`);
    const here = folders.get(folder) ?? new Map<string, string>();
    const name = place.slice(place.lastIndexOf("/") + 1);
    const mode = here.get(name);
    if (mode === undefined) {
      const isTwin = (other: string) => plainName(other) === plainName(name) && !deleted.has(inFolder(other));
      const twin = [...here.keys()].find(isTwin);
      return twin === undefined ? undefined : `collides with ${shownPath(inFolder(twin))}`;
    }
    if (place === path) return isFolder(mode) && !isCleared(place, deleted) ? "there is a folder" : undefined;
    if (isFolder(mode)) continue;
    return deleted.has(place) ? undefined : `beneath ${shownPath(place)}, which is ${kinds[mode] ?? mode}`;
  }
  return undefined;
}

/** Whether something in it goes: that all of it does, git's own trees see to. */
function isCleared(folder: string, deleted: ReadonlySet<string>): boolean {
  return [...deleted].some((path) => path.startsWith(`${folder}/`));
}
