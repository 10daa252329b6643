// A run of `pull_request`: its contexts, its payload, and what checkout takes without a `ref`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DispatchRequest } from "../types.ts";
import {
  dispatchOf,
  git,
  SHA,
  startBench,
  startGitServer,
  temporaryFolder,
  writeTree,
} from "./actions-fixture.ts";

const WORKFLOW = `on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${SHA}
        with: {fetch-depth: 0, persist-credentials: false}
      - env: {BODY: "\${{ github.event.pull_request.body }}"}
        run: |
          echo "at=$(git rev-parse HEAD) on=[$(git branch --show-current)] parents=$(git rev-list --parents -1 HEAD | wc -w)"
          echo "ref=$GITHUB_REF name=$GITHUB_REF_NAME base=$GITHUB_BASE_REF head=$GITHUB_HEAD_REF event=$GITHUB_EVENT_NAME"
          echo "body=$BODY file=$(grep -o '"body":"[^"]*"' "$GITHUB_EVENT_PATH") origin=$(git rev-parse origin/main)"
`;

const pull: NonNullable<DispatchRequest["pull"]> = {
  number: 7,
  title: "A change",
  headSha: SHA,
  baseRef: "main",
  payload: { action: "opened", number: 7, pull_request: { body: "Fixes #1" } },
};

test("is on the merge of the pull request, and knows its payload", async () => {
  using folder = temporaryFolder();
  const work = join(folder.path, "work");
  mkdirSync(work);
  git(work, "init", "-q", "-b", "main");
  writeTree(work, { "a.txt": "one" });
  git(work, "add", "-A");
  git(work, "commit", "-qm", "one");
  git(work, "checkout", "-qb", "topic");
  git(work, "commit", "-qm", "two", "--allow-empty");
  const headSha = git(work, "rev-parse", "HEAD");
  git(work, "checkout", "-q", "main");
  git(work, "commit", "-qm", "three", "--allow-empty");
  const main = git(work, "rev-parse", "HEAD");
  git(work, "merge", "-q", "--no-ff", "-m", "merge", "topic");
  const merge = git(work, "rev-parse", "HEAD");
  git(work, "reset", "-q", "--hard", main);
  git(work, "update-ref", "refs/pull/7/merge", merge);
  git(folder.path, "clone", "-q", "--mirror", work, "served/octo/hello.git");
  const tokens = new Set<string>();
  await using server = await startGitServer(join(folder.path, "served"), tokens);
  await using bench = await startBench({
    serverUrl: server.url,
    mintToken: () => {
      tokens.add("ghs_the-job-token-0001");
      return "ghs_the-job-token-0001";
    },
    revokeToken: (revoked) => tokens.delete(revoked),
  });
  const event = { event: "pull_request", ref: "topic", sha: merge, pull: { ...pull, headSha } } as const;
  const { run, log } = await bench.run(WORKFLOW, event);
  expect(run, log()).toMatchObject({
    conclusion: "success",
    event: "pull_request",
    head_branch: "topic",
    head_sha: headSha,
    display_title: "A change",
  });
  expect(log()).toContain(`at=${merge} on=[] parents=3`);
  expect(log()).toContain("ref=refs/pull/7/merge name=7/merge base=main head=topic event=pull_request");
  expect(log()).toContain(`body=Fixes #1 file="body":"Fixes #1" origin=${main}`);
});

test("is refused where the workflow lacks the trigger, and where nothing is known of the pull request", async () => {
  await using bench = await startBench();
  const dispatched = "on: workflow_dispatch\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: ls}]}}\n";
  const dispatch = (request: DispatchRequest) => () => bench.actions.dispatch(request);
  expect(dispatch(dispatchOf(dispatched, { event: "pull_request", pull }))).toThrow("'pull_request' trigger");
  expect(dispatch(dispatchOf(WORKFLOW, { event: "pull_request" }))).toThrow("give `pull`");
  expect(dispatch(dispatchOf(WORKFLOW))).toThrow("'workflow_dispatch' trigger");
});
