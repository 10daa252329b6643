// Owns what the tests of this folder share: temporary workspaces, the sandboxes under test, a question to the kernel.

import { randomInt } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBubblewrapSandbox, DEFAULT_BWRAP_PATH } from "./bubblewrap.ts";
import { processFields } from "./process-state.ts";
import { createUnconfinedSandbox } from "./unconfined.ts";

export const sandboxOptions = {
  nodePath: process.execPath,
  toolHostPath: fileURLToPath(new URL("./tool-host.ts", import.meta.url)),
};

/** Only a machine without bwrap may skip: one where it fails must go red. */
export const hasBwrap = existsSync(DEFAULT_BWRAP_PATH);
if (!hasBwrap)
  process.stderr.write(`skipped: ${DEFAULT_BWRAP_PATH} is missing, so the sandbox is not tested here\n`);

/** Both, for the promises that both make. */
export const sandboxes = [
  ...(hasBwrap ? [{ name: "bubblewrap", sandbox: createBubblewrapSandbox(sandboxOptions) }] : []),
  { name: "unconfined", sandbox: createUnconfinedSandbox(sandboxOptions) },
];

/** A duration nobody else sleeps: it names one process of one test. */
export function oddSeconds(): string {
  return `${randomInt(10_000, 99_999)}.${randomInt(100_000, 999_999)}`;
}

export interface Workspace extends AsyncDisposable {
  readonly path: string;
  read(relative: string): Promise<string | undefined>;
}

/** A directory with the given files, deleted at the end. */
export async function createWorkspace(files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "agent-harness-test-")));
  for (const [relative, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, relative)), { recursive: true });
    await writeFile(join(path, relative), content);
  }
  return {
    path,
    read: (relative) => readFile(join(path, relative), "utf8").catch(() => undefined),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/**
 * Whether any process of this machine has `text` among its arguments, in or out of a namespace. In one breath and with
 * the newest processes first, for what must hold at once.
 */
export function isRunning(text: string): boolean {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids
    .sort((left, right) => right - left)
    .some((pid) => commandLine(pid).includes(text) && processFields(pid)?.state !== "Z");
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended since the list was read.
    return "";
  }
}
