// What the sandbox must not inherit from the program that starts it, and that it does not outlive it.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createWorkspace, hasBwrap, isRunning, oddSeconds, sandboxOptions } from "./fixture.ts";

const run = promisify(execFile);

/** Runs a command as a program of its own would, whose environment and descriptors are then that program's. */
const PARENT = `
  const { createBubblewrapSandbox } = await import(process.argv[1]);
  const [nodePath, toolHostPath, workspace, script] = process.argv.slice(2);
  const sandbox = createBubblewrapSandbox({ nodePath, toolHostPath });
  const result = await sandbox.run({ argv: ["/bin/bash", "-c", script], workspace, timeoutMs: 20000 });
  const host = await sandbox.openToolHost({ workspace, readOnly: false });
  const call = await host.call("bash", { command: script }, { timeoutMs: 20000 });
  await host[Symbol.asyncDispose]();
  process.stdout.write(JSON.stringify([result.output, call.text]));`;

interface ParentOptions {
  readonly env?: Record<string, string>;
  readonly openDescriptor?: string;
  readonly signal?: AbortSignal;
}

async function fromParent(script: string, options: ParentOptions) {
  await using workspace = await createWorkspace();
  const program = new URL("./bubblewrap.ts", import.meta.url).href;
  const { nodePath, toolHostPath } = sandboxOptions;
  const node = [
    nodePath,
    "--input-type=module",
    "-e",
    PARENT,
    program,
    nodePath,
    toolHostPath,
    workspace.path,
    script,
  ];
  const open = options.openDescriptor ? `exec 40<"${options.openDescriptor}"; ` : "";
  const { stdout } = await run("/bin/bash", ["-c", `${open}exec "$@"`, "parent", ...node], {
    env: { PATH: "/usr/bin:/bin", ...options.env },
    killSignal: "SIGKILL",
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const outputs: unknown = JSON.parse(stdout);
  return Array.isArray(outputs) ? outputs.map(String) : [];
}

describe.skipIf(!hasBwrap)("what a parent holds", () => {
  it("is in no process's environment or arguments", async () => {
    const outputs = await fromParent(
      "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'; echo end",
      {
        env: { MODEL_KEY: "canary-value" },
      },
    );
    expect(outputs).toHaveLength(2);
    for (const output of outputs) {
      expect(output).toContain("end");
      expect(output).not.toMatch(/canary-value|MODEL_KEY/);
    }
  });

  it("is no open descriptor", async () => {
    await using outside = await createWorkspace({ "secret.txt": "hidden" });
    const script = "cat <&40; for fd in /proc/[0-9]*/fd/*; do readlink $fd; done; echo end";
    const outputs = await fromParent(script, { openDescriptor: join(outside.path, "secret.txt") });
    expect(outputs).toHaveLength(2);
    for (const output of outputs) {
      expect(output).toContain("end");
      expect(output).not.toMatch(/hidden|secret\.txt/);
    }
  });

  it("takes the sandbox with it when it is killed", async () => {
    const seconds = oddSeconds();
    const abort = new AbortController();
    const lost = fromParent(`sleep ${seconds}`, { signal: abort.signal }).catch(() => "killed");
    await expect.poll(() => isRunning(`sleep\0${seconds}`), { timeout: 20_000 }).toBe(true);
    abort.abort();
    expect(await lost).toBe("killed");
    await expect.poll(() => isRunning(seconds), { timeout: 20_000 }).toBe(false);
  });
});
