// What every sandbox promises of the tool host, run against both.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ToolHost } from "../ports.ts";
import { createWorkspace, isRunning, oddSeconds, sandboxes } from "./fixture.ts";
import { DISCARDED_NOTE } from "./tool-host-client.ts";

const timeoutMs = 20_000;

describe.each(sandboxes)("tool host, $name", ({ sandbox }) => {
  const open = (path: string, readOnly = false) =>
    sandbox.openToolHost({ workspace: path, readOnly, env: { GIVEN: "yes" } });
  const call = (host: ToolHost, tool: string, input: unknown, ms = timeoutMs) =>
    host.call(tool, input, { timeoutMs: ms });

  it("keeps directory and variables between calls of bash", async () => {
    await using workspace = await createWorkspace({ "sub/a.txt": "content" });
    await using host = await open(workspace.path);
    await call(host, "bash", { command: "cd sub; export SET=1" });
    const result = await call(host, "bash", { command: "pwd; echo $SET $GIVEN; cat a.txt" });
    expect(result).toEqual({ isError: false, text: `${workspace.path}/sub\n1 yes\ncontent` });
  });

  it("reads, writes, edits and finds files", async () => {
    await using workspace = await createWorkspace({ "a.txt": "one\ntwo\n" });
    await using host = await open(workspace.path);
    expect(
      await call(host, "edit", { file_path: "a.txt", old_string: "two", new_string: "2" }),
    ).toMatchObject({ isError: false });
    await call(host, "write", { file_path: "deep/b.txt", content: "needle" });
    expect(await call(host, "read", { file_path: `${workspace.path}/a.txt` })).toEqual({
      text: "one\n2\n",
      isError: false,
    });
    expect((await call(host, "glob", { pattern: "**/*.txt" })).text).toContain("deep/b.txt");
    expect((await call(host, "grep", { pattern: "needle" })).text).toContain("b.txt:1:needle");
    expect(await workspace.read("deep/b.txt")).toBe("needle");
  });

  it("performs changes in the order of the calls, and reads after them", async () => {
    await using workspace = await createWorkspace({ "a.txt": "0" });
    await using host = await open(workspace.path);
    const results = await Promise.all([
      call(host, "bash", { command: "sleep 0.3; echo bash >a.txt" }),
      call(host, "edit", { file_path: "a.txt", old_string: "bash", new_string: "edited" }),
      call(host, "bash", { command: "cat a.txt; echo more >>a.txt" }),
      call(host, "write", { file_path: "b.txt", content: "b" }),
      call(host, "read", { file_path: "a.txt" }),
    ]);
    expect(results.map(({ isError }) => isError)).toEqual([false, false, false, false, false]);
    expect([results[2]?.text, results[4]?.text]).toEqual(["edited", "edited\nmore\n"]);
  });

  it("ends a command at its timeout and goes on", async () => {
    await using workspace = await createWorkspace();
    await using host = await open(workspace.path);
    const seconds = oddSeconds();
    const hung = await call(host, "bash", { command: `sleep ${seconds}`, timeout_ms: 9_000_000 }, 300);
    expect(hung).toMatchObject({
      isError: true,
      text: expect.stringMatching(/timed out after 300ms\n.*shell was restarted/),
    });
    await expect.poll(() => isRunning(seconds)).toBe(false);
    expect(await call(host, "bash", { command: "echo on" })).toEqual({ isError: false, text: "on" });
  });

  it("says at once where a command has an open quote", async () => {
    await using workspace = await createWorkspace();
    await using host = await open(workspace.path);
    const result = await call(host, "bash", { command: "echo 'open" });
    expect(result).toMatchObject({ isError: true, text: expect.stringContaining("unexpected EOF") });
  });

  it("cancels a call by its signal", async () => {
    await using workspace = await createWorkspace();
    await using host = await open(workspace.path);
    const abort = new AbortController();
    const seconds = oddSeconds();
    const pending = host.call("bash", { command: `sleep ${seconds}` }, { timeoutMs, signal: abort.signal });
    const queued = host.call("bash", { command: "touch queued" }, { timeoutMs, signal: abort.signal });
    await expect.poll(() => isRunning(seconds)).toBe(true);
    abort.abort();
    expect([await pending, await queued]).toMatchObject([
      { isError: true, text: expect.stringContaining("aborted") },
      { isError: true, text: expect.stringContaining("cancelled before it began") },
    ]);
    await expect.poll(() => isRunning(seconds)).toBe(false);
    expect(await workspace.read("queued")).toBeUndefined();
  });

  it("starts again when the host was killed, and says so to each call that was lost", async () => {
    await using workspace = await createWorkspace();
    await using host = await open(workspace.path);
    const lost = await Promise.all([
      call(host, "bash", { command: "sleep 0.2; kill -9 $PPID; sleep 5" }),
      call(host, "grep", { pattern: "(x+x+)+y" }),
    ]);
    expect(lost[0]).toMatchObject({
      isError: true,
      text: expect.stringContaining("The shell was restarted"),
    });
    expect(await call(host, "bash", { command: "pwd" })).toEqual({ isError: false, text: workspace.path });
  });

  it("refuses paths that leave the workspace, by dots or by links", async () => {
    await using outside = await createWorkspace({ "secret.txt": "hidden" });
    await using workspace = await createWorkspace();
    await using host = await open(workspace.path);
    await call(host, "bash", {
      command: `ln -s ${outside.path} link; ln -s ${outside.path}/new.txt dangling`,
    });
    const results = await Promise.all([
      call(host, "read", { file_path: "link/secret.txt" }),
      call(host, "read", { file_path: `../${outside.path.split("/").at(-1)}/secret.txt` }),
      call(host, "read", { file_path: `${outside.path}/secret.txt` }),
      call(host, "write", { file_path: "link/new.txt", content: "x" }),
      call(host, "write", { file_path: "dangling", content: "x" }),
      call(host, "edit", { file_path: "link/secret.txt", old_string: "hidden", new_string: "x" }),
      call(host, "grep", { pattern: "hidden", path: "link" }),
    ]);
    expect(results.map(({ isError }) => isError)).toEqual([true, true, true, true, true, true, true]);
    expect(results.map(({ text }) => text).join()).not.toContain("hidden");
    expect([await outside.read("secret.txt"), await outside.read("new.txt")]).toEqual(["hidden", undefined]);
  });

  it("refuses to write below .git, .github and .harness", async () => {
    await using workspace = await createWorkspace({
      ".git/config": "real",
      ".github/workflows/ci.yml": "real",
      ".harness/issue-1/ledger.jsonl": "real",
    });
    await using host = await open(workspace.path);
    await call(host, "bash", { command: "ln -s .git alias" });
    for (const file_path of [
      ".git/config",
      ".github/workflows/ci.yml",
      ".git/hooks/pre-commit",
      ".harness/issue-1/ledger.jsonl",
      "alias/config",
    ]) {
      expect(await call(host, "write", { file_path, content: "x" })).toMatchObject({ isError: true });
    }
    expect([await workspace.read(".git/config"), await workspace.read(".github/workflows/ci.yml")]).toEqual([
      "real",
      "real",
    ]);
  });

  it("changes nothing while read-only, and says that a change is lost", async () => {
    await using workspace = await createWorkspace({ "a.txt": "content", "sub/b.txt": "b" });
    await using host = await open(workspace.path, true);
    const changed = await call(host, "bash", {
      command: `echo changed >${workspace.path}/a.txt; rm -r sub; touch new`,
    });
    expect(changed.text).toContain(DISCARDED_NOTE);
    const looked = await call(host, "bash", { command: "cat a.txt sub/b.txt; ls new" });
    expect(looked.text).toContain("contentb");
    expect(looked.text).not.toContain(DISCARDED_NOTE);
    expect(await call(host, "write", { file_path: "new", content: "x" })).toMatchObject({ isError: true });
    expect(await call(host, "edit", { file_path: "a.txt", old_string: "c", new_string: "x" })).toMatchObject({
      isError: true,
    });
    expect(await call(host, "read", { file_path: `${workspace.path}/a.txt` })).toEqual({
      text: "content",
      isError: false,
    });
    expect([await workspace.read("a.txt"), await workspace.read("sub/b.txt")]).toEqual(["content", "b"]);
    expect(await workspace.read("new")).toBeUndefined();
  });

  it("passes a long output back up to 200 kB", async () => {
    await using workspace = await createWorkspace({
      "long.txt": "x".repeat(190_000),
      "longer.txt": "é".repeat(120_000),
    });
    await using host = await open(workspace.path);
    expect((await call(host, "read", { file_path: "long.txt" })).text).toHaveLength(190_000);
    expect((await call(host, "read", { file_path: "longer.txt" })).text).toContain(
      "[… 40000 bytes left out …]",
    );
  });

  it("reads no start-up file of the shell", async () => {
    await using workspace = await createWorkspace({ ".bashrc": 'touch "$HOME/ran"' });
    const env = { HOME: workspace.path };
    await using host = await sandbox.openToolHost({ workspace: workspace.path, readOnly: false, env });
    expect(await call(host, "bash", { command: "echo $HOME" })).toMatchObject({ text: workspace.path });
    expect(await workspace.read("ran")).toBeUndefined();
  });

  it("leaves nothing behind when it is closed", async () => {
    await using workspace = await createWorkspace();
    const seconds = oddSeconds();
    {
      await using host = await open(workspace.path);
      await call(host, "bash", { command: `setsid sleep ${seconds} >/dev/null 2>&1 & disown; echo started` });
      await expect.poll(() => isRunning(`sleep\0${seconds}`)).toBe(true);
    }
    expect(isRunning(seconds)).toBe(false);
  });

  it("can be opened again on the same workspace", async () => {
    await using workspace = await createWorkspace();
    await using first = await open(workspace.path);
    await mkdir(join(workspace.path, "by-hand"));
    await using second = await open(workspace.path);
    await call(first, "write", { file_path: "a.txt", content: "from the first" });
    expect((await call(second, "read", { file_path: "a.txt" })).text).toBe("from the first");
  });
});
