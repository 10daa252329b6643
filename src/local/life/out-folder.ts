// The folder of a local task: new, or left by an earlier process with the same task. One process works in it at a time.
import { existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { sha256 } from "../../core/hash.ts";
import { Problem } from "../../core/problem.ts";
import { isProcessGone, processStart } from "../../sandbox/process-state.ts";
import type { IssueText } from "./issue-file.ts";
import { gitDirectories, type UserRepository } from "./user-repository.ts";

export interface OutFolder extends Disposable {
  readonly path: string;
}

interface OutRequest {
  /** A new temporary folder where there is none. */
  readonly out: string | undefined;
  readonly issue: IssueText;
  readonly repository: UserRepository;
}

const markName = "task.json";
const lockName = "lock.json";

/** Throws `out-occupied`. Disposing of it lets the next process in; a killed one is noticed. */
export async function openOut({ out, issue, repository }: OutRequest): Promise<OutFolder> {
  const path = out === undefined ? await mkdtemp(join(tmpdir(), "agent-harness-")) : resolve(out);
  await requireOutside(path, repository);
  await mkdir(path, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new Problem("out-occupied", { path, what: `cannot be made a folder (${cause.code})` }, { cause });
  });
  const task = JSON.stringify({ base: repository.headSha, issue: sha256(JSON.stringify(issue)) });
  await requireSameTask(path, task);
  const release = lock(path);
  try {
    await requireSameTask(path, task);
    await writeWhole(join(path, markName), task);
  } catch (error) {
    release();
    throw error;
  }
  return { path, [Symbol.dispose]: release };
}

/** Inside `.git`, or in a bare repository, the repository itself would be written to. */
async function requireOutside(path: string, repository: UserRepository): Promise<void> {
  const place = await nearest(path);
  for (const directory of await gitDirectories(repository.path))
    if (place === directory || place.startsWith(`${directory}/`))
      throw new Problem("out-occupied", { path, what: "lies inside the repository's git directory" });
}

/** The real path of the folder, or of the closest one above it that exists. */
async function nearest(path: string): Promise<string> {
  let place = path;
  while (!existsSync(place)) place = resolve(place, "..");
  return realpath(place);
}

async function requireSameTask(path: string, task: string): Promise<void> {
  const mark = join(path, markName);
  if (existsSync(mark)) {
    const found = await readFile(mark, "utf8");
    if (found !== task) throw new Problem("out-occupied", { path, what: "holds another task" });
    return;
  }
  const names = (await readdir(path)).filter((name) => name !== lockName && name !== `${markName}.draft`);
  if (names.length > 0)
    throw new Problem("out-occupied", { path, what: `holds ${names.slice(0, 3).join(", ")}` });
}

/** Half a mark, left by a process killed while it wrote, would be another task's for good. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.draft`, text);
  await rename(`${file}.draft`, file);
}

const holderSchema = z.object({ pid: z.number(), start: z.string().optional() });

function lock(path: string): () => void {
  const file = join(path, lockName);
  const own = JSON.stringify({ pid: process.pid, start: processStart(process.pid) });
  if (!create(file, own)) {
    const holder = readHolder(file);
    if (holder && isAlive(holder))
      throw new Problem("out-occupied", { path, what: `is in use by process ${holder.pid}` });
    unlinkSync(file);
    if (!create(file, own)) throw new Problem("out-occupied", { path, what: "is in use by another process" });
  }
  return () => {
    if (existsSync(file) && readFileSync(file, "utf8") === own) unlinkSync(file);
  };
}

/** False where it exists: the file system decides which of two processes was first. */
function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Cut off while it was written: whoever wrote it is gone.
    return undefined;
  }
}

/** An id alone may have gone to another process since; where the kernel tells no start times it has to do. */
function isAlive({ pid, start }: z.infer<typeof holderSchema>): boolean {
  if (start !== undefined) return !isProcessGone(pid, start);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
