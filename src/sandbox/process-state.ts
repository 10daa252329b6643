// Owns questions to the kernel about processes: alive or not, which one, kill a group.

import { readFileSync } from "node:fs";

const POLL_MS = 2;
const PATIENCE_MS = 20_000;

/** Sends SIGKILL to a whole process group; one that is gone already is no error. */
export function killGroup(pid: number): void {
  sendKill(-pid);
}

/** SIGKILL to one process (or a group, by its negative id); `false` where there is none or it is not ours. */
export function sendKill(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/** When the process started, in the kernel's ticks: with the id it names a process for good. Linux only. */
export function processStart(pid: number): string | undefined {
  return processFields(pid)?.start;
}

/** A zombie counts as gone: it runs nothing and holds nothing. */
export function isProcessGone(pid: number, start: string | undefined): boolean {
  const fields = processFields(pid);
  if (fields === undefined || fields.state === "Z" || fields.state === "X") return true;
  return start !== undefined && fields.start !== start;
}

export interface ProcessFields {
  readonly state: string;
  readonly parent: number;
  readonly start: string;
}

/** Fields of `/proc/<pid>/stat` (proc(5)); the command's name may hold spaces and brackets, so from the last bracket. */
export function processFields(pid: number): ProcessFields | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]), start: fields[19] ?? "" };
}

/** Polls until `isDone`. Throws after 20 s: something is left that SIGKILL does not end. */
export async function waitUntil(isDone: () => boolean, expected: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isDone()) {
    if (performance.now() > deadline) {
      throw new Error(
        `Expected ${expected}, found it alive after ${PATIENCE_MS / 1_000} s; look for a stuck device or mount.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
