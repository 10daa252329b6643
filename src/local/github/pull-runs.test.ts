// Which events of a pull request start which workflows, and on what.
import type { Octokit } from "@octokit/rest";
import { expect, test } from "vitest";
import { fakeActions } from "./fake-actions.ts";
import { commitFile, type Fixture, git, octokit, repo, startFixture } from "./fixture.ts";

const workflow = (on: string) => `on: ${on}\njobs: {}\n`;

/** A pull request of ada's from `topic`, whose branch has one workflow with this trigger. */
async function openPull(
  fixture: Fixture,
  on: string,
  { client = fixture.ada, parent = fixture.first }: { client?: Octokit; parent?: string } = {},
) {
  const path = ".github/workflows/verify.yml";
  await commitFile(fixture.ada, { branch: "topic", path, content: workflow(on), parent });
  const { data } = await client.rest.pulls.create({ ...repo, title: "A topic", head: "topic", base: "main" });
  return data;
}

async function withRuns(act: (fixture: Fixture, actions: ReturnType<typeof fakeActions>) => Promise<void>) {
  await using fixture = await startFixture({ pullRequestRuns: true });
  const actions = fakeActions();
  fixture.github.connectActions(actions);
  await act(fixture, actions);
}

test("an opened pull request runs the workflow on its merge with base, with its payload", async () => {
  await withRuns(async (fixture, { dispatched }) => {
    const other = await commitFile(fixture.ada, {
      branch: "other",
      path: "late.txt",
      content: "later\n",
      parent: fixture.first,
    });
    await fixture.ada.rest.git.updateRef({ ...repo, ref: "heads/main", sha: other });
    const pull = await openPull(fixture, "pull_request");
    await fixture.github.idle();
    expect(dispatched).toMatchObject([
      {
        event: "pull_request",
        ref: "topic",
        workflowPath: ".github/workflows/verify.yml",
        actor: { login: "ada" },
        pull: { number: pull.number, title: "A topic", headSha: pull.head.sha, baseRef: "main" },
      },
    ]);
    expect(dispatched[0]?.pull?.payload).toMatchObject({
      action: "opened",
      number: pull.number,
      pull_request: { head: { sha: pull.head.sha }, base: { ref: "main" } },
      repository: { full_name: "ada/demo" },
      sender: { login: "ada" },
    });
    const { gitDir } = fixture.github;
    const parents = await git(gitDir, "rev-parse", `${dispatched[0]?.sha}^1`, `${dispatched[0]?.sha}^2`);
    expect(parents.split("\n")).toEqual([other, pull.head.sha]);
    const merged = await git(gitDir, "ls-tree", "-r", "--name-only", `refs/pull/${pull.number}/merge`);
    expect(merged.split("\n")).toEqual([".github/workflows/verify.yml", "README.md", "late.txt", "src/a.ts"]);
  });
});

test("a push to the branch runs it again; a new description only where `types` names it", async () => {
  await withRuns(async (fixture, { dispatched }) => {
    const { number, head } = await openPull(fixture, "{pull_request: {types: [synchronize, edited]}}");
    expect(dispatched).toEqual([]);
    await fixture.ada.rest.pulls.update({ ...repo, pull_number: number, body: "Fixes #1" });
    expect(dispatched.map(({ pull }) => pull?.headSha)).toEqual([head.sha]);
    const next = await commitFile(fixture.ada, {
      branch: "next",
      path: "b.txt",
      content: "b\n",
      parent: head.sha,
    });
    await fixture.ada.rest.git.updateRef({ ...repo, ref: "heads/topic", sha: next });
    await fixture.github.idle();
    expect(dispatched.map(({ pull }) => pull?.headSha)).toEqual([head.sha, next]);
  });
});

test.each([
  ["workflow_dispatch", "another trigger"],
  ["{pull_request: {branches: [release]}}", "another base branch"],
  ["{pull_request: {types: [closed]}}", "another type"],
])("`on: %s` is not run: %s", async (on) => {
  await withRuns(async (fixture, { dispatched }) => {
    await openPull(fixture, on);
    await fixture.github.idle();
    expect(dispatched).toEqual([]);
  });
});

test("a filter that is not carried out is an error, never ignored", async () => {
  await withRuns(async (fixture) => {
    await expect(openPull(fixture, "{pull_request: {paths: [src]}}")).rejects.toThrow();
    await expect(fixture.github.idle()).resolves.toBeUndefined();
  });
});

test("what a job's own token does starts no run, and without the option nothing does", async () => {
  await withRuns(async (fixture, { dispatched }) => {
    const job = fixture.job({ "pull-requests": "write" });
    await openPull(fixture, "pull_request", { client: job });
    await fixture.github.idle();
    expect(dispatched).toEqual([]);
  });
  await using fixture = await startFixture();
  const actions = fakeActions();
  fixture.github.connectActions(actions);
  const client = octokit(fixture.github, fixture.github.userToken("bob"));
  await openPull(fixture, "pull_request", { client });
  await fixture.github.idle();
  expect(actions.dispatched).toEqual([]);
});

test("a pull request that conflicts with its base runs nothing", async () => {
  await withRuns(async (fixture, { dispatched }) => {
    const { ada, first } = fixture;
    const readme = (branch: string) =>
      commitFile(ada, { branch, path: "README.md", content: `# ${branch}\n`, parent: first });
    await ada.rest.git.updateRef({ ...repo, ref: "heads/main", sha: await readme("theirs") });
    await openPull(fixture, "pull_request", { parent: await readme("ours") });
    await fixture.github.idle();
    expect(dispatched).toEqual([]);
  });
});
