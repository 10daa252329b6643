// One process of a step: its lines, its end, and the ways to end it early. Its whole process group dies with it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Watchdog } from "./watchdog.ts";

interface ProcessRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Called for each line of both streams, without its line feed. */
  onLine(line: string): void;
  /** Asks the process to end: SIGINT, then SIGTERM, then SIGKILL, `graceMs` apart. */
  readonly cancel: AbortSignal;
  /** Ends the process at once. */
  readonly kill: AbortSignal;
  readonly graceMs: number;
  readonly launcher: Launcher;
}

export interface Launcher {
  /** Put before every command. */
  readonly prefix: readonly string[];
  readonly watchdog: Watchdog;
}

/** `setpriv --pdeathsig KILL` where it works: the kernel ends the process when this one dies. */
export function findLauncherPrefix(): readonly string[] {
  const prefix = ["setpriv", "--pdeathsig", "KILL", "--"];
  const [command = "", ...rest] = prefix;
  return spawnSync(command, [...rest, "true"]).status === 0 ? prefix : [];
}

/** How long output is waited for after the process ended: a daemon in another session may hold the pipe for ever. */
const DRAIN_MS = 1000;

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // No such group any more is what is wanted.
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM")))
      throw error;
  }
}

function lines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
      .on("line", onLine)
      .on("close", resolve);
    // A stream that is cut off has no end that `readline` would see.
    stream.on("close", resolve).on("error", () => resolve());
  });
}

function escalate(child: ChildProcess, graceMs: number): () => void {
  const send = (signal: NodeJS.Signals) => child.exitCode === null && child.kill(signal);
  send("SIGINT");
  const term = setTimeout(() => send("SIGTERM"), graceMs);
  const kill = setTimeout(() => killGroup(child.pid), 2 * graceMs);
  return () => {
    clearTimeout(term);
    clearTimeout(kill);
  };
}

function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
}

/** The exit code; 128 and the signal's number where a signal ended it, 127 where it could not be started. */
export async function runProcess(request: ProcessRequest): Promise<number> {
  const [command = "", ...rest] = [...request.launcher.prefix, ...request.argv];
  const child = spawn(command, rest, {
    cwd: request.cwd,
    env: { ...request.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const forget = child.pid === undefined ? () => {} : request.launcher.watchdog.guard(child.pid);
  const output = Promise.all([lines(child.stdout, request.onLine), lines(child.stderr, request.onLine)]);
  let stopEscalation = () => {};
  const stopCancel = onAbort(request.cancel, () => {
    stopEscalation = escalate(child, request.graceMs);
  });
  const stopKill = onAbort(request.kill, () => killGroup(child.pid));
  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      request.onLine(`##[error]${error.message}`);
      resolve(127);
    });
    child.once("exit", (status, signal) => resolve(status ?? (signal ? 128 + signalNumber(signal) : 1)));
  });
  for (const stop of [stopCancel, stopKill, stopEscalation]) stop();
  killGroup(child.pid);
  forget();
  const drained = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, DRAIN_MS);
  await output;
  clearTimeout(drained);
  return code;
}

function signalNumber(signal: NodeJS.Signals): number {
  return { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0;
}
