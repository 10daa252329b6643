// Owns finding and killing what a command left behind where there is no pid namespace: by a mark in the environment, by
// descent and, for root, by cgroup. For others, what clears its environment *and* leaves its parents escapes.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { isProcessGone, processFields, sendKill } from "./process-state.ts";

/** The variable whose value marks all processes of one launch. */
export const MARK_VARIABLE = "AGENT_HARNESS_PROCESS";

const MAX_ROUNDS = 200;
const run = promisify(execFile);

interface Candidate {
  readonly pid: number;
  readonly parent: number;
  readonly isMarked: boolean;
}

/** Kills until a look finds nothing: a process may have started another between look and kill. */
export async function killLeftovers(mark: string, alsoKnown: () => Promise<number[]>): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const known = (await alsoKnown()).filter((pid) => !isProcessGone(pid, undefined));
    const found = [...withDescendants(await candidates(mark)), ...known];
    if (found.length === 0) return;
    for (const pid of found) sendKill(pid);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(
    `Expected the processes marked ${mark} to end, found new ones after ${MAX_ROUNDS} rounds; restart the machine.`,
  );
}

function withDescendants(all: readonly Candidate[]): number[] {
  const chosen = new Set(all.filter((candidate) => candidate.isMarked).map(({ pid }) => pid));
  for (let size = -1; size !== chosen.size; ) {
    size = chosen.size;
    for (const { pid, parent } of all) if (chosen.has(parent)) chosen.add(pid);
  }
  chosen.delete(process.pid);
  return [...chosen];
}

async function candidates(mark: string): Promise<Candidate[]> {
  return process.platform === "linux" ? fromProc(mark) : fromPs(mark);
}

function fromProc(mark: string): Candidate[] {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    if (isProcessGone(pid, undefined)) return [];
    return [{ pid, parent: processFields(pid)?.parent ?? 0, isMarked: environmentHolds(pid, mark) }];
  });
}

function environmentHolds(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(`${MARK_VARIABLE}=${mark}`);
  } catch {
    // Another user's process, or one that has just ended.
    return false;
  }
}

async function fromPs(mark: string): Promise<Candidate[]> {
  const { stdout } = await run("/bin/ps", ["-axEww", "-o", "pid=,ppid=,command="], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent] = /^\s*(\d+)\s+(\d+)\s/.exec(line) ?? [];
    return pid === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), isMarked: line.includes(`${MARK_VARIABLE}=${mark}`) }];
  });
}
