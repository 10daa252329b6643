// Lays base's versions of everything that belongs to the tests over a copy of head.
import { cp, lstat, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestSide } from "./test-changes.ts";

/** Folders on the way that head has made into a file or a link give way: nothing is written through them. */
async function makePlace(directory: string, path: string): Promise<string> {
  const parts = dirname(path) === "." ? [] : dirname(path).split("/");
  for (const [index] of parts.entries()) {
    const folder = join(directory, ...parts.slice(0, index + 1));
    const stat = await lstat(folder).catch(() => undefined);
    if (stat?.isDirectory()) continue;
    await rm(folder, { force: true });
    await mkdir(folder);
  }
  const place = join(directory, path);
  await rm(place, { recursive: true, force: true });
  return place;
}

/** `base` is base's tree on disk; `directory` a copy of head that nobody else uses. */
export async function layBaseTests(
  directory: string,
  base: string,
  side: Pick<TestSide, "restored" | "removed" | "merged">,
): Promise<void> {
  for (const path of side.removed) await rm(await makePlace(directory, path), { force: true });
  for (const path of side.restored)
    await cp(join(base, path), await makePlace(directory, path), { verbatimSymlinks: true, recursive: true });
  for (const [path, text] of side.merged) await writeFile(await makePlace(directory, path), text);
}
