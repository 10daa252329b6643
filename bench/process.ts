// One process from start to end: its time, its output, and on request the memory of all it started.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Finished {
  readonly milliseconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Highest sum of resident sizes over the process and all it started, in bytes; 0 unless it was asked for. */
  readonly peakTreeBytes: number;
}

export interface ProcessRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Looks every 25 ms, which costs time: not for runs that are timed. Linux only. */
  readonly watchMemory?: boolean;
}

const sampleMs = 25;
const pageBytes = 4096;

/** Throws where the process does not end with status 0. */
export function runProcess({ argv, cwd, env, watchMemory = false }: ProcessRequest): Promise<Finished> {
  const [command = "", ...words] = argv;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr, peakTreeBytes] = ["", "", 0];
    const look = () => {
      peakTreeBytes = Math.max(peakTreeBytes, treeBytes(child.pid ?? 0));
    };
    const timer = watchMemory ? setInterval(look, sampleMs) : undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      const milliseconds = performance.now() - start;
      if (code === 0) resolve({ milliseconds, stdout, stderr, peakTreeBytes });
      else
        reject(new Error(`Expected status 0 of \`${argv.join(" ")}\`, found ${code}:\n${stdout}${stderr}`));
    });
  });
}

/** Pages that processes share are counted for each of them. */
function treeBytes(root: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? parentOf(pid) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  let sum = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    sum += residentBytes(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return sum;
}

function parentOf(pid: number): number | undefined {
  const text = readOrEmpty(`/proc/${pid}/stat`);
  const parent = /\) \S (\d+)/.exec(text)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function residentBytes(pid: number): number {
  return Number(readOrEmpty(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * pageBytes;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended since it was listed.
    return "";
  }
}
