import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processStart } from "../../sandbox/process-state.ts";
import { openOut } from "./out-folder.ts";

const issue = { title: "A title", body: "A body." };

function open(out: string, repo: string, title = issue.title) {
  const repository = {
    path: repo,
    name: "repo",
    headSha: "1".repeat(40),
    branch: "main",
    facts: { rootEntries: [], files: new Map() },
    configText: undefined,
  };
  return openOut({ out, issue: { ...issue, title }, repository });
}

function folder() {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "agent-harness-test-")));
  const repo = join(path, "repo");
  execFileSync("git", ["init", "--quiet", repo]);
  return { path, repo, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const occupied = { code: "out-occupied" };

test("a second process is kept out while the first works, and let in after it", async () => {
  using at = folder();
  const out = join(at.path, "out");
  const first = await open(out, at.repo);
  await expect(open(out, at.repo)).rejects.toMatchObject({
    ...occupied,
    message: expect.stringContaining(`in use by process ${process.pid}`),
  });
  first[Symbol.dispose]();
  (await open(out, at.repo))[Symbol.dispose]();
});

test("the lock of a killed process does not count, nor one that was cut off while written", async () => {
  using at = folder();
  const out = join(at.path, "out");
  (await open(out, at.repo))[Symbol.dispose]();
  const child = spawn("sleep", ["60"]);
  const holder = JSON.stringify({ pid: child.pid, start: processStart(child.pid ?? 0) });
  writeFileSync(join(out, "lock.json"), holder);
  await expect(open(out, at.repo)).rejects.toMatchObject(occupied);
  child.kill("SIGKILL");
  await once(child, "exit");
  (await open(out, at.repo))[Symbol.dispose]();
  writeFileSync(join(out, "lock.json"), holder.slice(0, 8));
  (await open(out, at.repo))[Symbol.dispose]();
});

test("another process that got the id of a killed one holds nothing", async () => {
  using at = folder();
  const out = join(at.path, "out");
  (await open(out, at.repo))[Symbol.dispose]();
  writeFileSync(join(out, "lock.json"), JSON.stringify({ pid: process.pid, start: "1" }));
  (await open(out, at.repo))[Symbol.dispose]();
});

test("another task, other files, a file and the repository's own git folder are refused and left alone", async () => {
  using at = folder();
  const out = join(at.path, "out");
  (await open(out, at.repo))[Symbol.dispose]();
  await expect(open(out, at.repo, "Another title")).rejects.toMatchObject(occupied);
  const other = join(at.path, "other");
  mkdirSync(other);
  writeFileSync(join(other, "notes.txt"), "mine");
  await expect(open(other, at.repo)).rejects.toMatchObject(occupied);
  expect(readdirSync(other)).toEqual(["notes.txt"]);
  await expect(open(join(other, "notes.txt"), at.repo)).rejects.toMatchObject(occupied);
  await expect(open(join(other, "notes.txt", "below"), at.repo)).rejects.toMatchObject(occupied);
  await expect(open(join(at.repo, ".git", "out"), at.repo)).rejects.toMatchObject(occupied);
  expect(readdirSync(join(at.repo, ".git"))).not.toContain("out");
});
