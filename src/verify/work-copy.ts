// A fresh copy of a prepared tree for one run: whatever the run does to it, the next one does not see.
import { execFile } from "node:child_process";
import { lstat, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type DependencyFolder, linkDependencies } from "./dependencies.ts";

/** A tree that commands can run on, and what they need besides it. */
export interface PreparedTree {
  readonly directory: string;
  readonly dependencies: readonly DependencyFolder[];
  /** Absolute paths that runs may read: dependency folders, caches. */
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths that runs may write to, besides their copy. */
  readonly writable?: readonly string[];
  /** Laid over every copy; `null` takes the file away. Paths are the tree's own files. */
  readonly texts?: ReadonlyMap<string, string | null>;
}

export interface WorkCopy extends AsyncDisposable {
  readonly directory: string;
  /** Outside the tree, for reports: its name cannot be guessed. */
  readonly reports: string;
}

const execute = promisify(execFile);
// Copy-on-write where the file system has it; elsewhere an ordinary copy.
const copyFlags = process.platform === "linux" ? ["-a", "--reflink=auto"] : ["-a"];

/** Copies everything but the folders in `skip` (paths relative to `from`). */
export async function copyTree(
  from: string,
  to: string,
  skip: ReadonlySet<string>,
  relative = "",
): Promise<void> {
  await mkdir(join(to, relative), { recursive: true });
  const whole: string[] = [];
  for (const name of await readdir(join(from, relative))) {
    const path = relative === "" ? name : `${relative}/${name}`;
    if (skip.has(path)) continue;
    if ([...skip].some((each) => each.startsWith(`${path}/`))) await copyTree(from, to, skip, path);
    else whole.push(join(from, path));
  }
  if (whole.length > 0) await execute("cp", [...copyFlags, "--", ...whole, join(to, relative)], { env: {} });
}

export async function openWorkCopy(tree: PreparedTree, scratch: string): Promise<WorkCopy> {
  const root = await mkdtemp(join(scratch, "run-"));
  const directory = join(root, "tree");
  const reports = await mkdtemp(join(root, "report-"));
  await copyTree(tree.directory, directory, new Set(tree.dependencies.map(({ path }) => path)));
  for (const [path, text] of tree.texts ?? []) {
    if (text === null) await rm(join(directory, path), { force: true });
    else await writeFile(join(directory, path), text);
  }
  await linkDependencies(tree.dependencies, directory);
  return { directory, reports, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** Nothing of a check has business outside the tree, in git's own folder or in the frame. */
function isOutOfPlace(path: string): boolean {
  const parts = path.toLowerCase().split("/");
  return parts.some((part) => ["", ".", "..", ".git"].includes(part)) || parts[0] === ".harness";
}

/**
 * Lays texts over the copy. A path that leads through a link, or through a file, is refused: the answer is the reason,
 * `undefined` when all are laid.
 */
export async function overlayFiles(
  directory: string,
  files: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  for (const [path, text] of files) {
    if (isOutOfPlace(path)) return "one of its files would lie outside the tree, in .git or in .harness";
    const parts = dirname(path) === "." ? [] : dirname(path).split("/");
    for (const [index] of parts.entries()) {
      const folder = join(directory, ...parts.slice(0, index + 1));
      const stat = await lstat(folder).catch(() => undefined);
      if (stat?.isSymbolicLink()) return "one of its files would be written through a link of the tree";
      if (stat && !stat.isDirectory()) return "the tree has a file where one of its folders belongs";
      if (!stat) await mkdir(folder);
    }
    const target = join(directory, path);
    await rm(target, { recursive: true, force: true });
    await using handle = await open(target, "wx");
    await handle.writeFile(text);
  }
  return undefined;
}
