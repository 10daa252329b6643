// Owns the contract between the two ways to confine a process and what is built on both: commands and the tool host.
// Starting and ending lie in bubblewrap.ts and unconfined.ts.

import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Network } from "../ports.ts";
import { openOutputPipe } from "./output-pipe.ts";

export interface ConfineRequest {
  readonly argv: readonly string[];
  /** Absolute path; the working directory. */
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  readonly readOnly: boolean;
  readonly network: Network;
  /** Who listens for programs that want out: a wrapper around the command, or the command itself (the tool host). */
  readonly relay?: "own";
  /** CPU seconds of any one process. */
  readonly cpuSeconds: number;
  readonly maxFileBytes?: number | undefined;
  /** `lines`: standard input and output are pipes for a protocol. `merged`: no input, error goes into output in order. */
  readonly streams: "merged" | "lines";
}

export interface Confined {
  readonly child: ChildProcess;
  /** All that is printed; of `lines`, without the error stream. */
  readonly output: Readable;
  /** The exit code, `null` for a signal. Rejects where the process could not be started. */
  readonly exited: Promise<number | null>;
  /** Kills what is left and resolves when nothing that was started is alive. May be called twice. */
  end(): Promise<void>;
  /** `host:port` of what was asked for and refused, each once. */
  blocked(): readonly string[];
}

export type Confine = (request: ConfineRequest) => Promise<Confined>;

/**
 * Starts the launcher in a process group of its own, with an empty environment. `extra` descriptors follow the standard
 * three. A failure to start is told by `exited`.
 */
export async function startLauncher(
  argv: readonly string[],
  options: { cwd: string; streams: ConfineRequest["streams"]; extra: readonly "pipe"[] },
): Promise<Omit<Confined, "end" | "blocked">> {
  const [file = "", ...args] = argv;
  const start = (stdio: StdioOptions) => {
    const child = spawn(file, args, { cwd: options.cwd, env: {}, detached: true, stdio });
    return { child, exited: exitOf(child) };
  };
  if (options.streams === "lines") {
    const started = start(["pipe", "pipe", "pipe", ...options.extra]);
    if (started.child.stdout === null)
      throw new Error("Expected a pipe for output, found none; this is a bug.");
    return { ...started, output: started.child.stdout };
  }
  const pipe = await openOutputPipe();
  try {
    return { ...start(["ignore", pipe.input, pipe.input, ...options.extra]), output: pipe.output };
  } finally {
    pipe.closeInput();
  }
}

/** Listens from the start: a failure to start is told at once and would end this process if nobody heard it. */
function exitOf(child: ChildProcess): Promise<number | null> {
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("exit", (code) => resolve(code));
    child.on("error", reject);
  });
  exited.catch(() => undefined);
  return exited;
}
