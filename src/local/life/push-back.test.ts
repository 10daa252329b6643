import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pushBack } from "./push-back.ts";

const identity = ["-c", "user.name=T", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"];

function git(cwd: string, ...words: string[]): string {
  return execFileSync("git", [...identity, ...words], { cwd, encoding: "utf8" }).trim();
}

/** A repository with one commit, and a bare clone with one more on `harness/issue-1`. */
function stage() {
  const path = mkdtempSync(join(tmpdir(), "agent-harness-test-"));
  const [repository, result, work] = ["repo", "result.git", "work"].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];
  git(path, "init", "--quiet", "--initial-branch=main", repository);
  writeFileSync(join(repository, "a.txt"), "one\n");
  git(repository, "add", "--all");
  git(repository, "commit", "--quiet", "--message=start");
  git(path, "clone", "--quiet", "--bare", repository, result);
  git(path, "clone", "--quiet", result, work);
  git(work, "switch", "--quiet", "--create", "harness/issue-1");
  const commit = (text: string) => {
    writeFileSync(join(work, "a.txt"), text);
    git(work, "commit", "--quiet", "--all", `--message=${text}`);
    git(work, "push", "--quiet", "--force", "origin", "HEAD");
    return git(work, "rev-parse", "HEAD");
  };
  const run = () => pushBack({ repository, result, branch: "harness/issue-1" });
  return { repository, commit, run, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("the result becomes a branch; work tree, current branch and status stay", async () => {
  using at = stage();
  const head = at.commit("two");
  const before = git(at.repository, "for-each-ref", "refs/heads/main");
  expect(await at.run()).toBe("harness/issue-1");
  expect(git(at.repository, "rev-parse", "harness/issue-1")).toBe(head);
  expect(git(at.repository, "symbolic-ref", "HEAD")).toBe("refs/heads/main");
  expect(git(at.repository, "for-each-ref", "refs/heads/main")).toBe(before);
  expect(git(at.repository, "status", "--porcelain")).toBe("");
  expect(readFileSync(join(at.repository, "a.txt"), "utf8")).toBe("one\n");
});

test("a second time changes nothing; another result gets a name of its own", async () => {
  using at = stage();
  const first = at.commit("two");
  await at.run();
  expect(await at.run()).toBe("harness/issue-1");
  const second = at.commit("three");
  expect(await at.run()).toBe("harness/issue-1-2");
  expect(git(at.repository, "rev-parse", "harness/issue-1")).toBe(first);
  expect(git(at.repository, "rev-parse", "harness/issue-1-2")).toBe(second);
});
