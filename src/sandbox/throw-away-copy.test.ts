import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createWorkspace } from "./fixture.ts";
import { createThrowAwayCopy } from "./throw-away-copy.ts";

const files = { "a.txt": "a", "sub/b.txt": "b", "sub/deep/c.txt": "c", ".git/index": "i" };
const bash = (cwd: string, script: string) => execFileSync("/bin/bash", ["-c", script], { cwd });

it("finds nothing changed where files were only read, or git rewrote its index", async () => {
  await using workspace = await createWorkspace(files);
  await using copy = await createThrowAwayCopy(workspace.path);
  bash(copy.path, "cat a.txt sub/b.txt; echo new >.git/index");
  expect(await copy.restore()).toBe(false);
});

it.each([
  "echo changed >a.txt",
  "echo x >new.txt",
  "mkdir new",
  "rm -r sub",
  "mv a.txt z.txt",
  "chmod +x a.txt",
  "chmod 700 sub",
  "ln -s sub other",
])("puts back after %s", async (script) => {
  await using workspace = await createWorkspace(files);
  await using copy = await createThrowAwayCopy(workspace.path);
  const list =
    "find . -path ./.git -prune -o -printf '%p %m %l\\n' | sort; cat a.txt sub/b.txt sub/deep/c.txt";
  const before = bash(copy.path, list).toString();
  bash(copy.path, script);
  expect(await copy.restore()).toBe(true);
  expect(bash(copy.path, list).toString()).toBe(before);
  expect(await copy.restore()).toBe(false);
});

it("writes nothing through a link that took a directory's place", async () => {
  await using outside = await createWorkspace({ "b.txt": "outside" });
  await using workspace = await createWorkspace(files);
  await using copy = await createThrowAwayCopy(workspace.path);
  bash(copy.path, `rm -r sub; ln -s ${outside.path} sub`);
  expect(await copy.restore()).toBe(true);
  expect([await outside.read("b.txt"), existsSync(join(outside.path, "deep"))]).toEqual(["outside", false]);
  expect(await readFile(join(copy.path, "sub/deep/c.txt"), "utf8")).toBe("c");
});

it("keeps links as links", async () => {
  await using workspace = await createWorkspace(files);
  await symlink("a.txt", join(workspace.path, "link"));
  await using copy = await createThrowAwayCopy(workspace.path);
  await writeFile(join(copy.path, "link"), "through the link");
  bash(copy.path, "rm link");
  await copy.restore();
  expect(await readlink(join(copy.path, "link"))).toBe("a.txt");
  expect(await workspace.read("a.txt")).toBe("a");
});

it("puts its own path wherever the workspace is named, and only there", async () => {
  await using workspace = await createWorkspace(files);
  await using copy = await createThrowAwayCopy(workspace.path);
  const { path } = workspace;
  const text = `cd ${path} && cat "${path}/a.txt" ${path}-other ${path}2 x${path}`;
  expect(copy.translate(text)).toBe(
    `cd ${copy.path} && cat "${copy.path}/a.txt" ${path}-other ${path}2 x${path}`,
  );
});

it("is gone at the end", async () => {
  await using workspace = await createWorkspace(files);
  const copy = await createThrowAwayCopy(workspace.path);
  await copy[Symbol.asyncDispose]();
  expect(existsSync(copy.path)).toBe(false);
  expect(await workspace.read("a.txt")).toBe("a");
});
