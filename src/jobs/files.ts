// Folders of the runner as maps and back: how artifacts are read and written.
import { lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { FileChange } from "../core/facts.ts";
import { Problem } from "../core/problem.ts";
import type { Artifact } from "../shell/artifacts.ts";

/** An artifact that unpacks to more is none of ours: a transcript is the largest thing in one. */
const limits = { files: 5_000, bytes: 128 * 1024 * 1024 };

/**
 * Every ordinary file below a folder, by path with `/`; `undefined` where there is no such folder. Links are left out.
 * Throws `artifact-mismatch` where there is too much.
 */
export async function readFolder(folder: string): Promise<Artifact | undefined> {
  const stat = await lstat(folder).catch(() => undefined);
  if (!stat?.isDirectory()) return undefined;
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    bytes += (await lstat(path)).size;
    if (files.size >= limits.files || bytes > limits.bytes)
      throw new Problem("artifact-mismatch", {
        what: `\`${basename(folder)}\` holds more than ${limits.files} files or ${limits.bytes} bytes`,
      });
    files.set(relative(folder, path), await readFile(path));
  }
  return files;
}

export async function writeFolder(folder: string, files: readonly FileChange[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, text } of files) {
    if (text === null) continue;
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
