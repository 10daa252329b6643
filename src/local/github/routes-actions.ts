// REST on workflows, runs, jobs, logs and artifacts: dispatches are checked here, all else is the embedded Actions'.
import { randomUUID } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import type { EmbeddedActions, WorkflowRun } from "../types.ts";
import type { Forge } from "./forge.ts";
import { type ApiAnswer, ApiError, type ApiRequest, noContent, notFound, ok, paginate } from "./http.ts";
import { isObject, objectAt, textAt } from "./json.ts";
import { need } from "./permissions.ts";
import { type Route, route } from "./router.ts";
import { createdWithin } from "./run-search.ts";
import { showArtifact, showJob, showRun, showWorkflow } from "./show-actions.ts";
import { checkInputs, dispatchInputs, findWorkflow, isWorkflow, listWorkflows } from "./workflow-files.ts";

const reading = need("read", "actions:read");
const writing = need("write", "actions:write");

/** Addresses that serve their bytes once, without a token, as GitHub's storage does. */
const oneTime = new WeakMap<Forge, Map<string, Buffer>>();

export const actionsRoutes: readonly Route[] = [
  route("GET", "~/actions/workflows", reading, async (forge) => {
    const workflows = await listWorkflows(forge, forge.options.repository.defaultBranch);
    const shown = workflows.map(({ path, name }) => showWorkflow(forge, path, name));
    return ok({ total_count: shown.length, workflows: shown });
  }),
  route("GET", "~/actions/workflows/:workflow", reading, async (forge, { params }) => {
    const workflow = await findWorkflow(forge, params.workflow ?? "", forge.options.repository.defaultBranch);
    return ok(showWorkflow(forge, workflow.path, workflow.name));
  }),
  route("POST", "~/actions/workflows/:workflow/dispatches", writing, dispatchWorkflow),
  route("GET", "~/actions/workflows/:workflow/runs", reading, listRuns),
  route("GET", "~/actions/runs", reading, listRuns),
  route("GET", "~/actions/runs/:run", reading, async (forge, { params }) =>
    ok(await showRun(forge, findRun(forge, params))),
  ),
  route("GET", "~/actions/runs/:run/jobs", reading, listJobs),
  route("GET", "~/actions/runs/:run/logs", reading, async (forge, { params }) => {
    const run = findRun(forge, params);
    const jobs = connected(forge).jobs(run.id);
    const files = jobs.map((job, index) => [
      `${index}_${job.name}.txt`,
      strToU8(connected(forge).log(job.id)),
    ]);
    return redirectOnce(forge, Buffer.from(zipSync(Object.fromEntries(files))));
  }),
  route("POST", "~/actions/runs/:run/cancel", writing, async (forge, { params }) => {
    const run = findRun(forge, params);
    if (!connected(forge).cancel(run.id))
      throw new ApiError(409, "Cannot cancel a workflow run that is completed.");
    return ok({}, 202);
  }),
  route("GET", "~/actions/runs/:run/artifacts", reading, listArtifacts),
  route("GET", "~/actions/artifacts", reading, listArtifacts),
  route("GET", "~/actions/artifacts/:artifact", reading, async (forge, { params }) => {
    const artifact = connected(forge)
      .artifacts()
      .find((one) => String(one.id) === params.artifact);
    if (!artifact) throw notFound();
    return ok(showArtifact(forge, runOf(forge, artifact.run_id), artifact));
  }),
  route("GET", "~/actions/artifacts/:artifact/:format", reading, async (forge, { params }) => {
    const bytes = connected(forge).artifactZip(Number(params.artifact));
    if (!bytes || params.format !== "zip") throw notFound();
    return redirectOnce(forge, bytes);
  }),
  route("GET", "~/actions/jobs/:job", reading, async (forge, { params }) => {
    const { job, run } = findJob(forge, params.job);
    return ok(showJob(forge, run, job));
  }),
  route("GET", "~/actions/jobs/:job/logs", reading, async (forge, { params }) => {
    const { job } = findJob(forge, params.job);
    return redirectOnce(forge, Buffer.from(connected(forge).log(job.id)));
  }),
  route("GET", "/_storage/:key", "open", async (forge, { params }) => {
    const bytes = oneTime.get(forge)?.get(params.key ?? "");
    if (!bytes) throw notFound();
    oneTime.get(forge)?.delete(params.key ?? "");
    return { status: 200, bytes, headers: { "content-type": "application/octet-stream" } };
  }),
];

function connected(forge: Forge): EmbeddedActions {
  if (forge.actions) return forge.actions;
  throw new ApiError(501, "Expected an embedded Actions, found none: call `connectActions` first.");
}

function runOf(forge: Forge, id: number): WorkflowRun | undefined {
  return connected(forge)
    .runs()
    .find((run) => run.id === id);
}

function findRun(forge: Forge, params: Readonly<Record<string, string>>): WorkflowRun {
  const run = runOf(forge, Number(params.run));
  if (!run) throw notFound();
  return run;
}

function findJob(forge: Forge, id: string | undefined) {
  for (const run of connected(forge).runs()) {
    const job = connected(forge)
      .jobs(run.id)
      .find((one) => String(one.id) === id);
    if (job) return { job, run };
  }
  throw notFound();
}

function redirectOnce(forge: Forge, bytes: Buffer): ApiAnswer {
  const kept = oneTime.get(forge) ?? new Map<string, Buffer>();
  oneTime.set(forge, kept);
  const key = randomUUID();
  kept.set(key, bytes);
  return { status: 302, headers: { location: `${forge.url}/_storage/${key}` } };
}

async function dispatchWorkflow(forge: Forge, { params, body, identity }: ApiRequest): Promise<ApiAnswer> {
  const asked = textAt(body, "ref") ?? "";
  const ref = asked.replace(/^refs\/(heads|tags)\//, "");
  const sha =
    (await forge.git.sha(`refs/heads/${ref}^{commit}`)) ?? (await forge.git.sha(`refs/tags/${ref}^{commit}`));
  if (!sha) throw new ApiError(422, `No ref found for: ${asked}`);
  const workflow = await findWorkflow(forge, params.workflow ?? "", sha);
  const declared = dispatchInputs(workflow.document);
  if (!declared) throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const inputs = Object.fromEntries(
    Object.entries(objectAt(body, "inputs")).map(([key, value]) => [key, String(value)]),
  );
  checkInputs(declared, inputs);
  const { login, id, type } = forge.accounts.get(identity.login);
  const run = connected(forge).dispatch({
    workflowPath: workflow.path,
    workflowText: workflow.text,
    event: "workflow_dispatch",
    inputs,
    ref,
    sha,
    actor: { login, id, type },
  });
  if (!(isObject(body) && body.return_run_details === true)) return noContent;
  const runUrl = `${forge.url}${forge.repoPath}/actions/runs/${run.id}`;
  return ok({ workflow_run_id: run.id, run_url: runUrl, html_url: run.html_url });
}

async function listRuns(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const { query, params } = request;
  const filters: ((run: WorkflowRun) => boolean)[] = [];
  const filter = (name: string, matches: (run: WorkflowRun, value: string) => boolean) => {
    const value = query.get(name);
    if (value !== null) filters.push((run) => matches(run, value));
  };
  filter("event", (run, value) => run.event === value);
  filter("branch", (run, value) => run.head_branch === value);
  filter("head_sha", (run, value) => run.head_sha === value);
  filter("actor", (run, value) => run.actor.login === value);
  filter("status", (run, value) => run.status === value || run.conclusion === value);
  filter("created", (run, value) => createdWithin(run.created_at, value));
  const name = params.workflow;
  if (name !== undefined) filters.push(({ path }) => isWorkflow(path, name));
  const runs = connected(forge)
    .runs()
    .filter((run) => filters.every((matches) => matches(run)));
  const shown = await Promise.all(runs.toSorted((a, b) => b.id - a.id).map((run) => showRun(forge, run)));
  const { page, headers } = paginate(request, forge.url, shown);
  return { ...ok({ total_count: runs.length, workflow_runs: page }), headers };
}

async function listJobs(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const run = findRun(forge, request.params);
  const jobs = connected(forge)
    .jobs(run.id)
    .map((job) => showJob(forge, run, job));
  const { page, headers } = paginate(request, forge.url, jobs);
  return { ...ok({ total_count: jobs.length, jobs: page }), headers };
}

async function listArtifacts(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const run = request.params.run === undefined ? undefined : findRun(forge, request.params);
  const name = request.query.get("name");
  const found = connected(forge)
    .artifacts(run?.id)
    .filter((one) => name === null || one.name === name);
  const shown = found.toReversed().map((one) => showArtifact(forge, runOf(forge, one.run_id), one));
  const { page, headers } = paginate(request, forge.url, shown);
  return { ...ok({ total_count: found.length, artifacts: page }), headers };
}
