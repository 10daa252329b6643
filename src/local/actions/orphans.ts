// Ends the processes that a job left behind, found by the tracking id in their environment (as GitHub's runner does).
// Sees nothing where there is no /proc; the step's process group is killed there all the same.
import { readdirSync, readFileSync } from "node:fs";

export const TRACKING_VARIABLE = "RUNNER_TRACKING_ID";

/** Unreadable entries are processes of others, or gone. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

function processIds(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function kill(pid: string): boolean {
  try {
    process.kill(Number(pid), "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/** Kills with SIGKILL every process whose tracking id begins with `prefix`; returns how many. */
export function killTracked(prefix: string): number {
  const wanted = `${TRACKING_VARIABLE}=${prefix}`;
  return processIds()
    .filter((pid) => Number(pid) !== process.pid)
    .filter((pid) =>
      environmentOf(pid)
        .split("\0")
        .some((entry) => entry.startsWith(wanted)),
    )
    .filter(kill).length;
}
