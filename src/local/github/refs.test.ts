import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { expect, test } from "vitest";
import { commitFile, git, repo, startFixture } from "./fixture.ts";

const refused = (status: number, message: string | RegExp) =>
  expect.objectContaining({ status, message: expect.stringMatching(message) });

async function child(client: Octokit, parent: string, content: string): Promise<string> {
  const item = { path: "README.md", mode: "100644" as const, type: "blob" as const, content };
  const tree = await client.rest.git.createTree({ ...repo, base_tree: parent, tree: [item] });
  const commit = { ...repo, tree: tree.data.sha, message: content, parents: [parent] };
  return (await client.rest.git.createCommit(commit)).data.sha;
}

test("lets exactly one of many concurrent updates win", async () => {
  await using fixture = await startFixture();
  const { app, first } = fixture;
  const commits = await Promise.all(Array.from({ length: 8 }, (_, index) => child(app, first, `v${index}`)));
  const results = await Promise.allSettled(
    commits.map((sha) => app.rest.git.updateRef({ ...repo, ref: "heads/main", sha })),
  );
  const winners = commits.filter((_, index) => results[index]?.status === "fulfilled");
  expect(winners).toHaveLength(1);
  const losers = results.filter((one) => one.status === "rejected").map((one) => one.reason);
  for (const loser of losers) expect(loser).toEqual(refused(422, /^Update is not a fast forward/));
  expect((await app.rest.git.getRef({ ...repo, ref: "heads/main" })).data.object.sha).toBe(winners[0]);
});

test("lets exactly one of many concurrent creations of a ref win", async () => {
  await using fixture = await startFixture();
  const { app, first } = fixture;
  const create = () => app.rest.git.createRef({ ...repo, ref: "refs/harness/issue-1/lock", sha: first });
  const results = await Promise.allSettled([create(), create(), create()]);
  expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  const loser = results.find((one) => one.status === "rejected");
  expect(loser?.reason).toEqual(refused(422, /^Reference already exists/));
});

test("moves a ref backwards only by force", async () => {
  await using fixture = await startFixture();
  const { app, first, received, github } = fixture;
  const second = await child(app, first, "second");
  await app.rest.git.updateRef({ ...repo, ref: "heads/main", sha: second });
  const back = { ...repo, ref: "heads/main", sha: first };
  await expect(app.rest.git.updateRef(back)).rejects.toEqual(refused(422, "fast forward"));
  await app.rest.git.updateRef({ ...back, force: true });
  await github.idle();
  const forced = received.filter(({ event }) => event === "push").map(({ payload }) => payload.forced);
  expect(forced.sort()).toEqual([false, true]);
});

test("refuses refs and targets that are not there, and names outside refs/", async () => {
  await using fixture = await startFixture();
  const { app, first } = fixture;
  const gone = "0123456789012345678901234567890123456789";
  await expect(app.rest.git.createRef({ ...repo, ref: "refs/heads/x", sha: gone })).rejects.toEqual(
    refused(422, "Object does not exist"),
  );
  await expect(app.rest.git.createRef({ ...repo, ref: "heads/x", sha: first })).rejects.toEqual(
    refused(422, "not a valid ref"),
  );
  await expect(app.rest.git.createRef({ ...repo, ref: "refs/pull/1/head", sha: first })).rejects.toEqual(
    refused(422, "not a valid ref"),
  );
  await expect(app.rest.git.updateRef({ ...repo, ref: "heads/x", sha: first })).rejects.toEqual(
    refused(422, "Reference does not exist"),
  );
  await expect(app.rest.git.getRef({ ...repo, ref: "heads/x" })).rejects.toEqual(refused(404, "Not Found"));
});

test("serves any namespace of refs by REST and by git fetch", async () => {
  await using fixture = await startFixture();
  const { app, first, folder, github } = fixture;
  await app.rest.git.createRef({ ...repo, ref: "refs/harness/issue-7/archive", sha: first });
  const found = await app.rest.git.listMatchingRefs({ ...repo, ref: "harness/issue-7" });
  expect(found.data.map(({ ref }) => ref)).toEqual(["refs/harness/issue-7/archive"]);
  await git(folder, "init", "--quiet", "clone");
  const clone = join(folder, "clone");
  await git(
    clone,
    "fetch",
    "--quiet",
    fixture.remote(github.userToken("rex")),
    "refs/harness/issue-7/archive",
  );
  expect(await git(clone, "rev-parse", "FETCH_HEAD")).toBe(first);
});

test("follows a push to a pull request's branch and closes it when the branch goes", async () => {
  await using fixture = await startFixture();
  const { app, first, github, received } = fixture;
  const head = await commitFile(app, { branch: "topic", path: "b.ts", content: "b", parent: first });
  const pull = await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "t" });
  const next = await child(app, head, "more");
  await app.rest.git.updateRef({ ...repo, ref: "heads/topic", sha: next });
  const number = { ...repo, pull_number: pull.data.number };
  expect((await app.rest.pulls.get(number)).data.head.sha).toBe(next);
  await app.rest.git.deleteRef({ ...repo, ref: "heads/topic" });
  const closed = (await app.rest.pulls.get(number)).data;
  expect([closed.state, closed.head.sha]).toEqual(["closed", next]);
  await github.idle();
  const events = received.filter(({ event }) => event === "pull_request").map(({ payload }) => payload);
  expect(events.map(({ action }) => action).sort()).toEqual(["closed", "opened", "synchronize"]);
  expect(events.find(({ action }) => action === "synchronize")).toMatchObject({ before: head, after: next });
});

test("lets users change workflow files, and no App or job, by API and by push", async () => {
  await using fixture = await startFixture();
  const { app, ada, first, folder, github } = fixture;
  const path = ".github/workflows/ci.yml";
  const change = { branch: "topic", path, content: "on: push\n", parent: first };
  await expect(commitFile(app, change)).rejects.toEqual(refused(403, "without `workflows` permission"));
  const head = await commitFile(ada, change);
  await ada.rest.git.updateRef({ ...repo, ref: "heads/main", sha: head });
  await commitFile(app, { branch: "next", path: "b.ts", content: "b", parent: head });
  await commitFile(app, { branch: "older", path: "b.ts", content: "b", parent: first });
  const token = github.mintJobToken({ runId: 1, job: "j", permissions: { contents: "write" } });
  await git(folder, "clone", "--quiet", fixture.remote(token), "clone");
  const clone = join(folder, "clone");
  await git(clone, "commit", "--quiet", "--allow-empty", "-m", "fine");
  await git(clone, "push", "--quiet", "origin", "main");
  await git(clone, "rm", "--quiet", path);
  await git(clone, "commit", "--quiet", "-m", "not fine");
  await expect(git(clone, "push", "origin", "main")).rejects.toThrow(/without `workflows` permission/);
  await git(clone, "push", "--quiet", fixture.remote(github.userToken("bob")), "main");
});
