// The folder given to `verify --checks`, on disk.
import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { CheckSet } from "../../core/checks.ts";
import { readChecksAt } from "../../verify/checks-folder.ts";

/** Throws `checks-invalid` with all that is wrong. What a link leads to outside the folder is not there. */
export async function readChecksFolder(folder: string): Promise<CheckSet> {
  const root = await realpath(folder).catch(() => folder);
  const read = async (path: string) => {
    const file = await realpath(join(root, path)).catch(() => undefined);
    if (file === undefined || !file.startsWith(`${root}${sep}`)) return undefined;
    return readFile(file, "utf8").catch(() => undefined);
  };
  return readChecksAt({ name: folder, read });
}
