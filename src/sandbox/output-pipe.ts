// Owns the pipe a command prints into. Node's own pipes are sockets, which nobody can open again by name: a script that
// writes to /dev/stdout or /dev/stderr would fail. Output and error share this one, so their order is kept.

import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

export interface OutputPipe {
  readonly output: Readable;
  /** For the command; the caller closes it by `closeInput` once the command has it, or output never ends. */
  readonly input: number;
  closeInput(): void;
}

const run = promisify(execFile);

/** The pipe has no name any more when this resolves. */
export async function openOutputPipe(): Promise<OutputPipe> {
  const directory = await mkdtemp(join(tmpdir(), "agent-harness-pipe-"));
  try {
    const path = join(directory, "output");
    await run("mkfifo", ["-m", "600", path], { env: { PATH: "/usr/bin:/bin" } });
    // The reading end first and without waiting: opening the other end would block until there is a reader.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const input = openSync(path, constants.O_WRONLY);
    return {
      output: new Socket({ fd: reader, readable: true, writable: false }),
      input,
      closeInput: () => closeSync(input),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
