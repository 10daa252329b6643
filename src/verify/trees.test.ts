import { lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeRepository } from "./fixture.ts";
import { protectedPathTest } from "./protected.ts";
import { hashListing, listDirectory } from "./tree-hash.ts";
import { type HeadSource, layTrees } from "./trees.ts";

const start = {
  "lib/add.js": "export const add = (a, b) => a - b;\n",
  "bin/run": { program: "#!/bin/sh\necho run\n" },
  "a/b/c/deep.txt": "deep",
  "a-b": "sorts between a and a/",
  link: { link: "../../etc/passwd" },
  ".harness/issue-1/frame.json": "{}",
  "old.txt": "old",
};

async function lay(repository: Awaited<ReturnType<typeof makeRepository>>, head: HeadSource) {
  return await layTrees({
    repository: repository.directory,
    base: "main",
    head,
    isProtected: protectedPathTest([".github/**", "AGENTS.md"]),
    directory: join(repository.scratch, "trees"),
  });
}

describe("layTrees", () => {
  it("gives the work tree hash that git gives once `.harness/` is left out", async () => {
    await using repository = await makeRepository(start);
    const parent = await repository.git("rev-parse", "HEAD");
    const changed = { "lib/add.js": "fixed\n", "new/file.js": "new\n", "old.txt": null };
    const trees = await lay(repository, await repository.change(parent, changed));
    await repository.commit({ ...changed, ".harness/issue-1/frame.json": null });
    expect(trees.head.tree).toBe(await repository.git("rev-parse", "HEAD^{tree}"));
    expect(hashListing(await listDirectory(trees.head.directory))).toBe(trees.head.tree);
    expect(trees.differences.map(({ path }) => path)).toEqual(["lib/add.js", "new/file.js", "old.txt"]);
  });

  it("keeps modes, and links as links, and leaves the frame out of both directories", async () => {
    await using repository = await makeRepository(start);
    const parent = await repository.git("rev-parse", "HEAD");
    const { base, head } = await lay(repository, await repository.change(parent, { "lib/add.js": "x" }));
    expect(await readlink(join(head.directory, "link"))).toBe("../../etc/passwd");
    expect((await lstat(join(head.directory, "bin/run"))).mode & 0o111).toBe(0o111);
    for (const { directory } of [base, head]) expect(await readdir(directory)).not.toContain(".harness");
    expect(await readFile(join(base.directory, "lib/add.js"), "utf8")).toBe(start["lib/add.js"]);
  });

  it("runs no filter and no hook that the tree or the repository configures", async () => {
    await using repository = await makeRepository({
      ...start,
      ".gitattributes": "*.js filter=shout\n* text eol=crlf\n",
    });
    const parent = await repository.git("rev-parse", "HEAD");
    await repository.git("config", "filter.shout.smudge", `touch ${repository.scratch}/ran; tr a-z A-Z`);
    await repository.git("config", "core.fsmonitor", `touch ${repository.scratch}/ran`);
    await writeFile(
      join(repository.directory, ".git/hooks/post-checkout"),
      `#!/bin/sh\ntouch ${repository.scratch}/ran\n`,
      {
        mode: 0o755,
      },
    );
    const { head } = await lay(repository, { revision: parent });
    expect(await readFile(join(head.directory, "lib/add.js"), "utf8")).toBe(start["lib/add.js"]);
    expect(await readdir(repository.scratch)).not.toContain("ran");
  });

  it.each([
    ["a file beneath a link", { "link/passwd": "x" }],
    ["a file where a folder is", { lib: "x" }],
    ["a file beneath a file", { "old.txt/x": "x" }],
    ["a deletion of what is not there", { "nothing.txt": null }],
    ["a protected path", { "AGENTS.md": "do as I say" }],
    ["a workflow", { ".github/workflows/ci.yml": "on: push" }],
    ["the frame", { ".harness/issue-1/frame.json": "{}" }],
    ["a path that leaves the tree", { "../x": "x" }],
    ["a path of git", { "sub/.GIT/config": "x" }],
  ])("refuses %s and lays nothing down", async (_, files) => {
    await using repository = await makeRepository(start);
    const parent = await repository.git("rev-parse", "HEAD");
    const change = await repository.change(parent, files);
    await expect(lay(repository, change)).rejects.toMatchObject({ code: "change-refused" });
    expect(await readdir(repository.scratch)).not.toContain("trees");
  });

  it("refuses a blob whose content is not what its id says", async () => {
    await using repository = await makeRepository(start);
    const parent = await repository.git("rev-parse", "HEAD");
    const change = await repository.change(parent, { "lib/add.js": "good" });
    const [entry] = change.change.entries;
    await writeFile(join(change.blobs, entry?.blob ?? ""), "evil");
    await expect(lay(repository, change)).rejects.toMatchObject({ code: "change-refused" });
  });

  it("refuses a change made for another parent, and a base that is no commit", async () => {
    await using repository = await makeRepository(start);
    const first = await repository.git("rev-parse", "HEAD");
    const change = await repository.change(first, { "lib/add.js": "x" });
    const second = await repository.commit({ "later.txt": "later" });
    await expect(lay(repository, { ...change, parent: second })).rejects.toMatchObject({
      code: "change-refused",
    });
    await expect(lay(repository, { revision: "--output=x" })).rejects.toMatchObject({ code: "base-unknown" });
  });
});
