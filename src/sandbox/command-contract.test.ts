// What every sandbox promises of a command, run against both.

import { describe, expect, it } from "vitest";
import { createWorkspace, isRunning, oddSeconds, sandboxes } from "./fixture.ts";

const timeoutMs = 20_000;
const bash = (script: string) => ["/bin/bash", "-c", script];

describe.each(sandboxes)("commands, $name", ({ sandbox }) => {
  it("runs in the workspace at its own path and returns output and exit code", async () => {
    await using workspace = await createWorkspace({ "a.txt": "content" });
    const result = await sandbox.run({
      argv: bash("pwd; cat a.txt; echo new >b.txt; exit 3"),
      workspace: workspace.path,
      timeoutMs,
    });
    expect(result).toMatchObject({
      exitCode: 3,
      timedOut: false,
      truncated: false,
      output: `${workspace.path}\ncontent`,
    });
    expect(await workspace.read("b.txt")).toBe("new\n");
  });

  it("keeps error and output in the order in which they were printed", async () => {
    await using workspace = await createWorkspace();
    const script = "for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done; echo named >/dev/stderr";
    const result = await sandbox.run({ argv: bash(script), workspace: workspace.path, timeoutMs });
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `o${i}\ne${i}\n`).join("");
    expect(result.output).toBe(`${expected}named\n`);
  });

  it("gives only the environment that was asked for", async () => {
    await using workspace = await createWorkspace();
    const env = { GREETING: "two words; $HOME" };
    const result = await sandbox.run({ argv: ["/usr/bin/env"], workspace: workspace.path, timeoutMs, env });
    const names = result.output
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(result.output).toContain("GREETING=two words; $HOME\n");
    const allowed = ["AGENT_HARNESS_PROCESS", "GREETING", "HOME", "LANG", "PATH", "PWD", "SHLVL", "_"];
    expect(names.filter((name) => !allowed.includes(name ?? ""))).toEqual([]);
  });

  it("puts the given Node first on the path", async () => {
    await using workspace = await createWorkspace();
    const result = await sandbox.run({ argv: ["node", "--version"], workspace: workspace.path, timeoutMs });
    expect(result).toMatchObject({ exitCode: 0, output: `${process.version}\n` });
  });

  it("answers for a command that does not exist", async () => {
    await using workspace = await createWorkspace();
    const result = await sandbox.run({ argv: ["/no/such/command"], workspace: workspace.path, timeoutMs });
    expect(result.exitCode).toBeGreaterThan(0);
    expect(result.output).toContain("/no/such/command");
  });

  it("tells a command that a signal ended from one that failed", async () => {
    await using workspace = await createWorkspace();
    const killed = await sandbox.run({ argv: bash("kill -SEGV $$"), workspace: workspace.path, timeoutMs });
    expect(killed).toMatchObject({ exitCode: null, timedOut: false });
  });

  it("ends a command that hangs, with what it printed before", async () => {
    await using workspace = await createWorkspace();
    const seconds = oddSeconds();
    const result = await sandbox.run({
      argv: bash(`echo before; trap '' TERM INT; sleep ${seconds}`),
      workspace: workspace.path,
      timeoutMs: 400,
    });
    expect(result).toMatchObject({ exitCode: null, timedOut: true, output: "before\n" });
    expect(isRunning(seconds)).toBe(false);
  });

  it("cuts a flood to head and tail and says how much is missing", async () => {
    await using workspace = await createWorkspace();
    const result = await sandbox.run({
      argv: bash("echo first; seq 1 2000000; echo last"),
      workspace: workspace.path,
      timeoutMs,
      maxOutputBytes: 10_000,
    });
    expect(result).toMatchObject({ exitCode: 0, truncated: true });
    expect(result.output.startsWith("first\n1\n2\n")).toBe(true);
    expect(result.output.endsWith("1999999\n2000000\nlast\n")).toBe(true);
    expect(result.output).toMatch(/\n\[… \d{8} bytes left out …\]\n/);
    expect(Buffer.byteLength(result.output)).toBeLessThan(10_100);
  });

  it("ends an endless flood at the timeout", async () => {
    await using workspace = await createWorkspace();
    const spec = { argv: ["yes"], workspace: workspace.path, timeoutMs: 400, maxOutputBytes: 1_000 };
    expect(await sandbox.run(spec)).toMatchObject({ timedOut: true, truncated: true });
  });

  it("leaves no daemon behind", async () => {
    await using workspace = await createWorkspace();
    const seconds = oddSeconds();
    const daemon = `setsid /bin/bash -c 'setsid sleep ${seconds} >/dev/null 2>&1 </dev/null & exit'
      until pgrep -x -f 'sleep ${seconds}'; do sleep 0.01; done`;
    const result = await sandbox.run({ argv: bash(daemon), workspace: workspace.path, timeoutMs });
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
    expect(isRunning(seconds)).toBe(false);
  });

  it("is not held up by a daemon that keeps the output open", async () => {
    await using workspace = await createWorkspace();
    const seconds = oddSeconds();
    const argv = bash(`setsid sleep ${seconds} & echo done`);
    const result = await sandbox.run({ argv, workspace: workspace.path, timeoutMs });
    expect(result).toMatchObject({ exitCode: 0, timedOut: false, output: "done\n" });
    expect(isRunning(seconds)).toBe(false);
  });

  it("stops a file at the size limit, its own or the one it is given", async () => {
    await using workspace = await createWorkspace();
    const run = (more: { maxFileBytes?: number }) =>
      sandbox.run({
        argv: ["/bin/bash", "-c", "dd if=/dev/zero of=big bs=1M count=300 2>&1; stat -c %s big"],
        workspace: workspace.path,
        timeoutMs,
        ...more,
      });
    expect((await run({})).output).toContain(`${128 * 1024 * 1024}\n`);
    expect((await run({ maxFileBytes: 1024 * 1024 })).output).toContain(`\n${1024 * 1024}\n`);
  });

  it("keeps a read-only workspace as it is", async () => {
    await using workspace = await createWorkspace({ "a.txt": "content" });
    const result = await sandbox.run({
      argv: bash(`cat ${workspace.path}/a.txt; echo changed >${workspace.path}/a.txt; touch new`),
      workspace: workspace.path,
      timeoutMs,
      readOnly: true,
    });
    expect(result.output).toContain("content");
    expect([await workspace.read("a.txt"), await workspace.read("new")]).toEqual(["content", undefined]);
  });

  it("refuses a workspace that is not a directory", async () => {
    const spec = { argv: ["true"], workspace: "/no/such/workspace", timeoutMs };
    await expect(sandbox.run(spec)).rejects.toThrow("/no/such/workspace");
  });
});
