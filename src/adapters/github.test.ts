// GitHub's error answers, which the embedded GitHub gives only where it is wrong itself.
import { Octokit } from "@octokit/rest";
import nock from "nock";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDiscussion } from "./github-discussion.ts";
import { createGitWriter } from "./github-git.ts";
import { createRuns } from "./github-runs.ts";
import { createTaskSource } from "./github-tasks.ts";

const api = "http://github.test/api/v3";
const place = { owner: "o", name: "r" };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const client = () => new Octokit({ baseUrl: api, auth: "t", log: silent });
const sha = "a".repeat(40);
const at = (path: string) => `/api/v3/repos/o/r${path}`;

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const commit = { ref: "heads/x", parents: [sha], tree: sha, message: "m", create: false };

test.each([409, 422])("a ref that moved (%d) is a conflict, not an error", async (status) => {
  nock("http://github.test").post(at("/git/commits")).reply(201, { sha });
  nock("http://github.test")
    .patch(at("/git/refs/heads%2Fx"))
    .reply(status, { message: "Update is not a fast forward" });
  expect(await createGitWriter(client(), place).commit(commit)).toBe("conflict");
});

test("a server error while moving a ref is an error, not a conflict", async () => {
  nock("http://github.test").post(at("/git/commits")).reply(201, { sha });
  nock("http://github.test").patch(at("/git/refs/heads%2Fx")).reply(502, "Bad gateway");
  await expect(createGitWriter(client(), place).commit(commit)).rejects.toMatchObject({ status: 502 });
});

test("somebody without any access has no permission", async () => {
  nock("http://github.test").get(at("/collaborators/eve/permission")).reply(404, { message: "Not Found" });
  const tasks = createTaskSource(client(), place, { pens: [], withPull: true });
  expect(await tasks.permission({ login: "eve", id: 5 })).toBe("none");
});

test("the role counts, not the legacy permission that hides it", async () => {
  nock("http://github.test")
    .get(at("/collaborators/tim/permission"))
    .reply(200, { permission: "read", role_name: "triage", user: { id: 7 } });
  const tasks = createTaskSource(client(), place, { pens: [], withPull: true });
  expect(await tasks.permission({ login: "tim", id: 7 })).toBe("triage");
});

test.each([
  ["another account's by now", { user: { id: 8 } }],
  ["nobody's by now", { user: null }],
])("a login that is %s has no permission", async (_, answer) => {
  nock("http://github.test")
    .get(at("/collaborators/tim/permission"))
    .reply(200, { permission: "admin", role_name: "admin", ...answer });
  const tasks = createTaskSource(client(), place, { pens: [], withPull: true });
  expect(await tasks.permission({ login: "tim", id: 7 })).toBe("none");
});

test("a pull request that another copy opened first is used", async () => {
  nock("http://github.test")
    .post(at("/pulls"))
    .reply(422, {
      message: "Validation Failed",
      errors: [{ message: "A pull request already exists for o:b." }],
    });
  nock("http://github.test")
    .get(at("/pulls"))
    .query({ head: "o:b", state: "open" })
    .reply(200, [{ number: 7, node_id: "PR_7" }]);
  const pull = { title: "t", body: "b", branch: "b", base: "main" };
  expect(await createDiscussion(client(), place).openPull(pull)).toEqual({ number: 7, nodeId: "PR_7" });
});

test("a run that is over already cannot be cancelled, and need not be", async () => {
  nock("http://github.test").post(at("/actions/runs/5/cancel")).reply(409, { message: "Cannot cancel" });
  await expect(createRuns(client(), place, "main").cancel(5)).resolves.toBeUndefined();
});

const run = {
  id: 10,
  display_title: "agent-harness #3 abc",
  head_branch: "main",
  run_attempt: 1,
  path: ".github/workflows/agent-harness.yml",
  status: "completed",
  conclusion: "success",
};

test("runs of our workflow on the default branch are found by ticket, re-run ones too, the lowest id first", async () => {
  nock("http://github.test")
    .get(at("/actions/runs"))
    .query(true)
    .reply(200, {
      total_count: 6,
      workflow_runs: [
        { ...run, id: 12 },
        { ...run, id: 11, run_attempt: 2 },
        { ...run, id: 9, head_branch: "evil" },
        { ...run, id: 8, path: ".github/workflows/other.yml" },
        { ...run, id: 7, display_title: "agent-harness #3 abcd" },
        run,
      ],
    });
  const runs = await createRuns(client(), place, "main").withTicket(3, "abc");
  expect(runs.map(({ id, attempt }) => [id, attempt])).toEqual([
    [10, 1],
    [11, 2],
    [12, 1],
  ]);
});

test("an expired artifact is none", async () => {
  nock("http://github.test")
    .get(at("/actions/runs/10/artifacts"))
    .query(true)
    .reply(200, {
      total_count: 1,
      artifacts: [{ id: 1, name: "verdict-abc", expired: true, size_in_bytes: 9 }],
    });
  expect(await createRuns(client(), place, "main").artifact(10, "verdict-abc")).toBeUndefined();
});
