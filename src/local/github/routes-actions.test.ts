import { expect, test } from "vitest";
import { fakeActions } from "./fake-actions.ts";
import { type Fixture, octokit, repo, startFixture } from "./fixture.ts";

const WORKFLOW = `name: Harness
on:
  workflow_dispatch:
    inputs:
      task: { required: true }
      ticket: {}
jobs: {}
`;

async function withWorkflow(fixture: Fixture) {
  const put = (path: string, text: string) =>
    fixture.ada.rest.repos.createOrUpdateFileContents({
      ...repo,
      path: `.github/workflows/${path}`,
      message: "w",
      content: Buffer.from(text).toString("base64"),
    });
  await put("agent-harness.yml", WORKFLOW);
  await put("ci.yml", "on: push\n");
  const actions = fakeActions();
  fixture.github.connectActions(actions);
  return actions;
}

const dispatch = { ...repo, workflow_id: "agent-harness.yml", ref: "main" };

test("dispatches a workflow of the ref and gives the run's details when asked", async () => {
  await using fixture = await startFixture();
  const actions = await withWorkflow(fixture);
  const { app } = fixture;
  const plain = await app.rest.actions.createWorkflowDispatch({ ...dispatch, inputs: { task: "1" } });
  expect(plain.status).toBe(204);
  const job = fixture.job({ actions: "write" });
  const details = await job.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
    ...dispatch,
    inputs: { task: "1", ticket: "t" },
    return_run_details: true,
  });
  expect([details.status, details.data]).toMatchObject([200, { workflow_run_id: 2 }]);
  expect(actions.dispatched[1]).toMatchObject({
    workflowPath: ".github/workflows/agent-harness.yml",
    workflowText: WORKFLOW,
    inputs: { task: "1", ticket: "t" },
    ref: "main",
    actor: { login: "github-actions[bot]", type: "Bot" },
  });
});

test("refuses a dispatch without the file, the trigger, the ref, or with wrong inputs", async () => {
  await using fixture = await startFixture();
  const actions = await withWorkflow(fixture);
  const send = (change: object) =>
    fixture.app.rest.actions.createWorkflowDispatch({ ...dispatch, inputs: { task: "1" }, ...change }).then(
      () => "sent",
      (error: { status: number; message: string }) => `${error.status} ${error.message.split(" - ")[0]}`,
    );
  expect(await send({ workflow_id: "no.yml" })).toBe("404 Not Found");
  expect(await send({ workflow_id: "ci.yml" })).toBe(
    "422 Workflow does not have 'workflow_dispatch' trigger",
  );
  expect(await send({ ref: "nope" })).toBe("422 No ref found for: nope");
  expect(await send({ inputs: { task: "1", x: "y" } })).toBe('422 Unexpected inputs provided: ["x"]');
  expect(await send({ inputs: {} })).toBe("422 Required input 'task' not provided");
  expect(actions.dispatched).toEqual([]);
});

test("lists, filters and cancels runs, and shows their jobs", async () => {
  await using fixture = await startFixture();
  const actions = await withWorkflow(fixture);
  const { app } = fixture;
  for (const ticket of ["a", "b", "c"])
    await app.rest.actions.createWorkflowDispatch({ ...dispatch, inputs: { task: "1", ticket } });
  actions.finish(1);
  const ids = async (filter: object) => {
    const { data } = await app.rest.actions.listWorkflowRunsForRepo({ ...repo, ...filter });
    return [data.total_count, ...data.workflow_runs.map(({ id }) => id)];
  };
  expect(await ids({})).toEqual([3, 3, 2, 1]);
  expect(await ids({ status: "queued" })).toEqual([2, 3, 2]);
  expect(await ids({ status: "success", event: "workflow_dispatch", branch: "main" })).toEqual([1, 1]);
  expect(await ids({ created: ">=2026-01-02" })).toEqual([2, 3, 2]);
  expect(await ids({ created: "2026-01-01..2026-01-02T00:00:00Z" })).toEqual([2, 2, 1]);
  expect(await ids({ per_page: 1, page: 2 })).toEqual([3, 2]);
  expect(await ids({ head_sha: fixture.first })).toEqual([0]);
  expect((await app.rest.actions.cancelWorkflowRun({ ...repo, run_id: 2 })).status).toBe(202);
  await expect(app.rest.actions.cancelWorkflowRun({ ...repo, run_id: 1 })).rejects.toMatchObject({
    status: 409,
  });
  const jobs = await app.rest.actions.listJobsForWorkflowRun({ ...repo, run_id: 1 });
  expect(jobs.data.jobs).toMatchObject([{ id: 101, name: "settle", conclusion: "success" }]);
  const workflows = await app.rest.actions.listRepoWorkflows(repo);
  expect(workflows.data.workflows.map(({ name }) => name)).toEqual(["Harness", ".github/workflows/ci.yml"]);
});

test("serves artifacts and logs through an address that works once and needs no token", async () => {
  await using fixture = await startFixture();
  const actions = await withWorkflow(fixture);
  const { app, github } = fixture;
  await app.rest.actions.createWorkflowDispatch({ ...dispatch, inputs: { task: "1" } });
  actions.finish(1);
  const list = await app.rest.actions.listWorkflowRunArtifacts({ ...repo, run_id: 1 });
  expect(list.data.artifacts).toMatchObject([{ id: 501, name: "verdict", workflow_run: { id: 1 } }]);
  const zip = await app.rest.actions.downloadArtifact({ ...repo, artifact_id: 501, archive_format: "zip" });
  expect(
    Buffer.from(zip.data as ArrayBuffer)
      .subarray(0, 2)
      .toString(),
  ).toBe("PK");
  const authorization = `token ${github.userToken("rex")}`;
  const first = await fetch(`${github.url}/repos/ada/demo/actions/jobs/101/logs`, {
    headers: { authorization },
    redirect: "manual",
  });
  expect(first.status).toBe(302);
  const location = first.headers.get("location") ?? "";
  expect(await (await fetch(location)).text()).toBe("log of 101");
  expect((await fetch(location)).status).toBe(404);
  const stranger = octokit(github, github.userToken("nil"));
  await expect(stranger.rest.actions.getArtifact({ ...repo, artifact_id: 501 })).rejects.toMatchObject({
    status: 404,
  });
});
