import { join } from "node:path";
import { expect, test } from "vitest";
import { git, octokit, repo, startFixture } from "./fixture.ts";

const blob = (path: string, content: string) => ({
  path,
  mode: "100644" as const,
  type: "blob" as const,
  content,
});

test("gives the object ids that git gives for the same content", async () => {
  await using fixture = await startFixture();
  const { ada, folder, github } = fixture;
  const bytes = Buffer.from([0, 255, 10, 13, 7]).toString("base64");
  const made = await ada.rest.git.createBlob({ ...repo, content: bytes, encoding: "base64" });
  const clone = join(folder, "clone");
  await git(folder, "clone", "--quiet", fixture.remote(github.userToken("ada")), clone);
  await import("node:fs/promises").then(({ writeFile }) =>
    writeFile(join(clone, "bin"), Buffer.from(bytes, "base64")),
  );
  expect(made.data.sha).toBe(await git(clone, "hash-object", "bin"));
  const read = await ada.rest.git.getBlob({ ...repo, file_sha: made.data.sha });
  expect(read.data.content.replaceAll("\n", "")).toBe(bytes);
  const entry = { path: "deep/er/bin", mode: "100755" as const, type: "blob" as const, sha: made.data.sha };
  const tree = await ada.rest.git.createTree({ ...repo, base_tree: fixture.first, tree: [entry] });
  await git(
    clone,
    "update-index",
    "--add",
    "--cacheinfo",
    `100755,${await git(clone, "hash-object", "-w", "bin")},deep/er/bin`,
  );
  expect(tree.data.sha).toBe(await git(clone, "write-tree"));
});

test("edits nested trees: adds, replaces, deletes, and drops folders left empty", async () => {
  await using fixture = await startFixture();
  const { ada, first } = fixture;
  const tree = await ada.rest.git.createTree({
    ...repo,
    base_tree: first,
    tree: [
      blob("x/y/z.txt", "z"),
      blob("README.md", "new"),
      { path: "src/a.ts", mode: "100644", type: "blob", sha: null },
    ],
  });
  const all = await ada.rest.git.getTree({ ...repo, tree_sha: tree.data.sha, recursive: "1" });
  expect(all.data.tree.map(({ path, type }) => `${type} ${path}`)).toEqual([
    "blob README.md",
    "tree x",
    "tree x/y",
    "blob x/y/z.txt",
  ]);
  const missing = { path: "nope.txt", mode: "100644" as const, type: "blob" as const, sha: null };
  await expect(ada.rest.git.createTree({ ...repo, base_tree: first, tree: [missing] })).rejects.toMatchObject(
    { status: 422 },
  );
  await expect(ada.rest.git.createTree({ ...repo, tree: [blob("../x", "x")] })).rejects.toMatchObject({
    status: 422,
  });
  await expect(ada.rest.git.createTree({ ...repo, tree: [blob(".git/config", "x")] })).rejects.toMatchObject({
    status: 422,
  });
});

test("names the token's identity as author, verified, and a pushed commit's own as unverified", async () => {
  await using fixture = await startFixture();
  const { app, first, folder, github } = fixture;
  const job = fixture.job({ contents: "write" });
  const authors = [];
  for (const client of [app, job, octokit(github, github.userToken("bob"))]) {
    const parent = (await client.rest.git.getRef({ ...repo, ref: "heads/main" })).data.object.sha;
    const { data } = await client.rest.git.getCommit({ ...repo, commit_sha: parent });
    const commit = await client.rest.git.createCommit({
      ...repo,
      tree: data.tree.sha,
      message: "m",
      parents: [parent],
    });
    await client.rest.git.updateRef({ ...repo, ref: "heads/main", sha: commit.data.sha });
    const shown = (await client.rest.repos.getCommit({ ...repo, ref: "main" })).data;
    authors.push([
      shown.author?.login,
      shown.commit.author?.email === `${shown.author?.id}+${shown.author?.login}@users.noreply.github.com`,
      shown.commit.verification?.verified,
    ]);
  }
  expect(authors).toEqual([
    ["agent-harness[bot]", true, true],
    ["github-actions[bot]", true, true],
    ["bob", true, true],
  ]);
  const clone = join(folder, "clone");
  await git(folder, "clone", "--quiet", fixture.remote(github.userToken("bob")), clone);
  await git(
    clone,
    "commit",
    "--quiet",
    "--allow-empty",
    "-m",
    "pushed",
    "--author",
    "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>",
  );
  await git(clone, "push", "--quiet", "origin", "main");
  const pushed = (await app.rest.repos.getCommit({ ...repo, ref: "main" })).data;
  expect([pushed.author?.login, pushed.commit.verification?.verified]).toEqual([
    "github-actions[bot]",
    false,
  ]);
  expect(pushed.parents[0]?.sha).not.toBe(first);
});

test("keeps a given author and says so as unverified", async () => {
  await using fixture = await startFixture();
  const { ada, first } = fixture;
  const { data } = await ada.rest.git.getCommit({ ...repo, commit_sha: first });
  const author = { name: "Eve", email: "eve@example.org", date: "2020-01-02T03:04:05Z" };
  const commit = await ada.rest.git.createCommit({
    ...repo,
    tree: data.tree.sha,
    message: "m\n",
    parents: [first],
    author,
  });
  expect(commit.data).toMatchObject({
    author,
    committer: author,
    message: "m\n",
    verification: { verified: false },
  });
});

test("reads files, folders, commits and comparisons of the real repository", async () => {
  await using fixture = await startFixture();
  const { ada, first } = fixture;
  const path = "src/new file.ts";
  const content = Buffer.from("one\ntwo\n").toString("base64");
  await ada.rest.git.createRef({ ...repo, ref: "refs/heads/topic", sha: first });
  const put = await ada.rest.repos.createOrUpdateFileContents({
    ...repo,
    path,
    message: "put",
    content,
    branch: "topic",
  });
  const file = await ada.rest.repos.getContent({ ...repo, path, ref: "topic" });
  expect(file.data).toMatchObject({ type: "file", path, sha: put.data.content?.sha, size: 8 });
  const raw = await ada.rest.repos.getContent({ ...repo, path, ref: "topic", mediaType: { format: "raw" } });
  expect(raw.data).toMatchObject(new ArrayBuffer(8));
  const folder = await ada.rest.repos.getContent({ ...repo, path: "src", ref: "topic" });
  expect(folder.data).toMatchObject([{ name: "a.ts" }, { name: "new file.ts" }]);
  const compare = await ada.rest.repos.compareCommitsWithBasehead({ ...repo, basehead: "main...topic" });
  expect(compare.data).toMatchObject({
    status: "ahead",
    ahead_by: 1,
    behind_by: 0,
    merge_base_commit: { sha: first },
  });
  expect(compare.data.files).toMatchObject([
    { filename: path, status: "added", additions: 2, patch: "@@ -0,0 +1,2 @@\n+one\n+two" },
  ]);
  await expect(
    ada.rest.repos.createOrUpdateFileContents({ ...repo, path, message: "put", content, branch: "topic" }),
  ).rejects.toMatchObject({ status: 422 });
  const commits = await ada.rest.repos.listCommits({ ...repo, sha: "topic" });
  expect(commits.data.map(({ commit }) => commit.message)).toEqual(["put", "first"]);
});
