// Owns one command from start to end: output cap, timeout, and that nothing of it is left alive.
// How it is confined is the caller's.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import type { CommandResult, CommandSpec } from "../ports.ts";
import type { Confine, Confined } from "./confinement.ts";
import { createOutputCap } from "./output-cap.ts";

const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024;
/** How long output may still arrive after all that was started is dead. */
const DRAIN_MS = 1_000;
/** The launchers report a signal the way a shell does. These are the signals of faults, limits and kills. */
const FATAL_SIGNALS = new Set([4, 5, 6, 7, 8, 9, 11, 15, 24, 25, 31]);

/** Runs one command under `confine`. Throws only where the confinement itself cannot be set up. */
export async function runCommand(spec: CommandSpec, confine: Confine): Promise<CommandResult> {
  if (spec.argv.length === 0)
    throw new Error("Expected a command in `argv`, found none; give at least its name.");
  const startedAt = performance.now();
  const confined = await confine({
    argv: spec.argv,
    workspace: spec.workspace,
    env: spec.env ?? {},
    readable: spec.readable ?? [],
    writable: spec.writable ?? [],
    readOnly: spec.readOnly ?? false,
    network: spec.network ?? "none",
    cpuSeconds: cpuSecondsFor(spec.timeoutMs),
    maxFileBytes: spec.maxFileBytes,
    streams: "merged",
  });
  const output = createOutputCap(spec.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES);
  const { exitCode, timedOut } = await waitForEnd(confined, spec.timeoutMs, (chunk) => output.add(chunk));
  const { text, truncated } = output.read();
  return {
    exitCode,
    timedOut,
    output: text,
    truncated,
    durationMs: Math.round(performance.now() - startedAt),
    blocked: confined.blocked(),
  };
}

/** CPU time is counted over all threads of a process: one that uses every core must still reach its timeout. */
function cpuSecondsFor(timeoutMs: number): number {
  return Math.ceil(timeoutMs / 1_000 + 1) * availableParallelism();
}

async function waitForEnd(
  confined: Confined,
  timeoutMs: number,
  onOutput: (chunk: Buffer) => void,
): Promise<{ exitCode: number | null; timedOut: boolean }> {
  confined.output.on("data", onOutput);
  const drained = once(confined.output, "close");
  let timedOut = false;
  const killed = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    timedOut = true;
    confined.end().then(killed.resolve, killed.reject);
  }, timeoutMs);
  try {
    const code = await Promise.race([confined.exited, killed.promise.then(() => null)]);
    await confined.end();
    await Promise.race([drained, pause(DRAIN_MS)]);
    return { exitCode: timedOut ? null : exitCodeOf(code), timedOut };
  } finally {
    clearTimeout(timer);
    confined.output.destroy();
    await confined.end();
  }
}

function exitCodeOf(code: number | null): number | null {
  return code !== null && FATAL_SIGNALS.has(code - 128) ? null : code;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
