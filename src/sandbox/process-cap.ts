// Owns the cap on processes for root, whom the kernel exempts from `prlimit --nproc`: a pids cgroup for one launch.
// Where cgroups cannot be written (most containers) there is none; the pid namespace still ends with the command.

import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isProcessGone } from "./process-state.ts";

export interface ProcessCap {
  /** Whoever writes a process id here is counted, and so is all that it starts. */
  readonly procsFile: string;
  /** The processes that are counted now. */
  pids(): Promise<number[]>;
  /** Only after all its processes are dead. */
  remove(): Promise<void>;
}

const PREFIX = "agent-harness-";
let swept: Promise<void> | undefined;

/** Makes a cgroup of at most `limit` processes and threads; `undefined` where this process may not. */
export async function createProcessCap(limit: number): Promise<ProcessCap | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const parent = await ownPidsCgroup();
  if (parent === undefined) return undefined;
  swept ??= sweep(parent);
  await swept;
  const directory = join(parent, `${PREFIX}${process.pid}-${randomUUID()}`);
  try {
    await mkdir(directory);
  } catch {
    return undefined;
  }
  try {
    await writeFile(join(directory, "pids.max"), String(limit));
  } catch {
    await rmdir(directory);
    return undefined;
  }
  const procsFile = join(directory, "cgroup.procs");
  return {
    procsFile,
    pids: async () => (await readFile(procsFile, "utf8")).trim().split("\n").filter(Boolean).map(Number),
    remove: () => removeCgroup(directory),
  };
}

/** Once per process: takes away what processes that were killed have left. One that is in use cannot be removed. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const owner = Number(name.slice(PREFIX.length).split("-")[0]);
    if (!name.startsWith(PREFIX) || !isProcessGone(owner, undefined)) continue;
    await rmdir(join(parent, name)).catch(() => undefined);
  }
}

/** The folder of the hierarchy that counts processes (version 1's own, or the one of version 2). */
async function ownPidsCgroup(): Promise<string | undefined> {
  try {
    const lines = (await readFile("/proc/self/cgroup", "utf8")).trim().split("\n");
    const mounts = await readFile("/proc/self/mounts", "utf8");
    return pidsCgroupFrom(lines, mounts);
  } catch {
    return undefined;
  }
}

/** `lines` of /proc/self/cgroup and the text of /proc/self/mounts. */
export function pidsCgroupFrom(lines: readonly string[], mounts: string): string | undefined {
  const entries = mounts.split("\n").map((line) => line.split(" "));
  for (const line of lines) {
    const [, controllers = "", ...rest] = line.split(":");
    const isVersion1 = controllers.split(",").includes("pids");
    if (!isVersion1 && controllers !== "") continue;
    const mount = entries.find(([, , type, options = ""]) =>
      isVersion1 ? type === "cgroup" && options.split(",").includes("pids") : type === "cgroup2",
    );
    if (mount?.[1] !== undefined) return join(mount[1], rest.join(":"));
  }
  return undefined;
}

async function removeCgroup(directory: string): Promise<void> {
  // A process that has just died is counted for a moment longer.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "EBUSY") return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
