import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { noBlob } from "../core/change.ts";
import { collectChange, snapshot } from "./collect-change.ts";
import type { ParentTree } from "./survey.ts";

const names = { ticket: "t1", parent: "a".repeat(40) };

interface Repository extends AsyncDisposable {
  readonly path: string;
  git(...args: string[]): string;
  put(path: string, text: string): void;
  tree(): ParentTree;
  start(): ReturnType<typeof snapshot>;
}

async function repository(files: Record<string, string>): Promise<Repository> {
  const path = await mkdtemp(join(tmpdir(), "collect-"));
  const env = { PATH: "/usr/bin:/bin", HOME: path, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) => execFileSync("git", ["-C", path, ...args], { encoding: "utf8", env });
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  git("init", "-q");
  for (const [name, text] of Object.entries(files)) put(name, text);
  git("add", "-Af");
  git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "start");
  const tree = () =>
    new Map(
      git("ls-tree", "-rz", "HEAD")
        .split("\0")
        .filter((line) => line !== "")
        .map((line) => {
          const [, mode = "", sha = "", name = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
          return [name, { mode, sha }] as const;
        }),
    );
  return {
    path,
    git,
    put,
    tree,
    start: () => snapshot(path, tree()),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

function summary(found: ReturnType<typeof collectChange>) {
  return found.change.entries.map(({ path, mode }) => `${mode} ${path}`);
}

test("an untouched tree gives an empty change", async () => {
  await using repo = await repository({ "a.txt": "a\n", "src/b.js": "b\n" });
  expect(collectChange(repo.start(), names)).toEqual({
    change: { ...names, entries: [] },
    blobs: new Map(),
    refused: [],
  });
});

test("added, changed, deleted and executable files give the tree that git itself would commit", async () => {
  await using repo = await repository({
    "a.txt": "a\n",
    "src/b.js": "b\n",
    "run.sh": "echo\n",
    "gone/x": "x",
  });
  const start = repo.start();
  repo.put("src/b.js", "changed\n");
  repo.put("src/deep/new.bin", "\u0000\u0001");
  chmodSync(join(repo.path, "run.sh"), 0o755);
  rmSync(join(repo.path, "gone"), { recursive: true });
  const found = collectChange(start, names);
  expect(summary(found)).toEqual([
    "delete gone/x",
    "100755 run.sh",
    "100644 src/b.js",
    "100644 src/deep/new.bin",
  ]);
  expect(found.change.entries[0]?.blob).toBe(noBlob);
  for (const { path, blob, size } of found.change.entries.slice(1)) {
    expect(repo.git("hash-object", path).trim()).toBe(blob);
    expect(found.blobs.get(blob)?.byteLength).toBe(size);
  }
});

test("what the parent ignores, caches, and what set-up left are no part of a change", async () => {
  await using repo = await repository({
    ".gitignore": "dist/\n*.log\n!keep.log\ncoverage\n",
    "pkg/.gitignore": "/local\n",
    "dist/tracked.js": "old\n",
  });
  repo.put("from-setup.txt", "set-up wrote this");
  const start = repo.start();
  for (const path of [
    "dist/x.js",
    "a.log",
    "coverage/lcov",
    "pkg/local/x",
    "node_modules/m/i.js",
    "p/__pycache__/a.pyc",
  ])
    repo.put(path, "x");
  repo.put("from-setup.txt", "and the builder this");
  repo.put("keep.log", "x");
  repo.put("local/y", "x");
  repo.put("dist/tracked.js", "new\n");
  expect(summary(collectChange(start, names))).toEqual([
    "100644 dist/tracked.js",
    "100644 keep.log",
    "100644 local/y",
  ]);
});

test("a builder cannot hide files by writing an ignore file of its own", async () => {
  await using repo = await repository({ "a.txt": "a" });
  const start = repo.start();
  repo.put(".gitignore", "*\n");
  repo.put("hidden.js", "x");
  expect(summary(collectChange(start, names))).toEqual(["100644 .gitignore", "100644 hidden.js"]);
});

test("an ignore file that set-up changed does not count", async () => {
  await using repo = await repository({ ".gitignore": "*.log\n" });
  repo.put(".gitignore", "*\n");
  const start = repo.start();
  repo.put("new.js", "x");
  expect(summary(collectChange(start, names))).toEqual(["100644 new.js"]);
});

test("a tracked file that set-up changed is no change until the session changes it", async () => {
  await using repo = await repository({ "lock.json": "1", "other.json": "1" });
  repo.put("lock.json", "2");
  repo.put("other.json", "2");
  const start = repo.start();
  repo.put("other.json", "3");
  expect(summary(collectChange(start, names))).toEqual(["100644 other.json"]);
});

test("`.git` and `.harness` are not looked at", async () => {
  await using repo = await repository({ "a.txt": "a", ".harness/issue-1/frame.json": "{}" });
  const start = repo.start();
  repo.put(".harness/issue-1/frame.json", "tampered");
  repo.put(".git/hooks/pre-commit", "evil");
  const found = collectChange(start, names);
  expect(found.change.entries).toEqual([]);
  expect(found.refused).toEqual([]);
});

test("links, pipes, hard links, special bits and nested repositories are named and not read", async () => {
  await using repo = await repository({ "a.txt": "a", "b.txt": "b", "s.sh": "s", "dir/x.txt": "x" });
  const start = repo.start();
  const at = (path: string) => join(repo.path, path);
  symlinkSync("/etc/passwd", at("link"));
  linkSync(at("a.txt"), at("hard"));
  execFileSync("mkfifo", [at("pipe")]);
  chmodSync(at("s.sh"), 0o4755);
  repo.put("nested/.git/config", "[core]\nfsmonitor = evil\n");
  renameSync(at("dir"), at("moved"));
  symlinkSync("/etc", at("dir"));
  const found = collectChange(start, names);
  expect(Object.fromEntries(found.refused.map(({ path, why }) => [path, why]))).toEqual({
    "a.txt": "a hard link",
    dir: "a symbolic link",
    hard: "a hard link",
    link: "a symbolic link",
    "nested/.git": "a repository inside the tree",
    pipe: "neither file nor folder",
    "s.sh": "a setuid, setgid or sticky bit",
  });
  expect(summary(found)).toEqual(["delete dir/x.txt", "100644 moved/x.txt"]);
});

test("a link that the parent has is left alone, and named once it points elsewhere", async () => {
  await using repo = await repository({ "a.txt": "a" });
  symlinkSync("a.txt", join(repo.path, "link"));
  repo.git("add", "-A");
  repo.git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "link");
  const start = repo.start();
  expect(collectChange(start, names).refused).toEqual([]);
  rmSync(join(repo.path, "link"));
  symlinkSync("/etc/shadow", join(repo.path, "link"));
  expect(collectChange(start, names).refused).toEqual([{ path: "link", why: "a symbolic link" }]);
});

test("what lies in a submodule is not this repository's", async () => {
  await using repo = await repository({ "a.txt": "a" });
  const tree = new Map([...repo.tree(), ["sub", { mode: "160000", sha: "1".repeat(40) }]]);
  repo.put("sub/.git", "gitdir: ../.git/modules/sub\n");
  const start = snapshot(repo.path, tree);
  repo.put("sub/x.js", "x");
  expect(collectChange(start, names)).toMatchObject({ change: { entries: [] }, refused: [] });
});

test("names that are not UTF-8 and files over the limit are refused by name", async () => {
  await using repo = await repository({ "a.txt": "a" });
  const start = repo.start();
  writeFileSync(Buffer.concat([Buffer.from(`${repo.path}/bad`), Buffer.from([0xff])]), "x");
  writeFileSync(join(repo.path, "big.bin"), Buffer.alloc(1_048_577));
  const { refused } = collectChange(start, names);
  expect(refused.map(({ path }) => path)).toEqual(["bad\ufffd", "big.bin"]);
  expect(existsSync(join(repo.path, "big.bin"))).toBe(true);
});

test("a change that keeps size and time of the file is still seen", async () => {
  await using repo = await repository({ "a.txt": "one" });
  const start = repo.start();
  execFileSync("touch", ["-r", join(repo.path, "a.txt"), join(repo.path, ".git/stamp")]);
  repo.put("a.txt", "two");
  execFileSync("touch", ["-r", join(repo.path, ".git/stamp"), join(repo.path, "a.txt")]);
  expect(summary(collectChange(start, names))).toEqual(["100644 a.txt"]);
});
