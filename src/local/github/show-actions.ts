// Workflow runs, jobs and artifacts in GitHub's shapes, out of what the embedded Actions keeps.
import { crc32 } from "node:zlib";
import type { WorkflowArtifact, WorkflowJob, WorkflowRun } from "../types.ts";
import { type Forge, readStore } from "./forge.ts";
import { readCommit } from "./git-commit.ts";
import { type Json, type JsonObject, toObject } from "./json.ts";

const api = (forge: Forge) => `${forge.url}${forge.repoPath}/actions`;

/** Follows from the path, so that it stays over restarts. */
export const workflowId = (path: string) => 1_000_000 + (crc32(path) % 90_000_000);

export function showWorkflow(forge: Forge, path: string, name: string): JsonObject {
  const id = workflowId(path);
  return {
    id,
    node_id: Buffer.from(`0:Workflow${id}`).toString("base64"),
    name,
    path,
    state: "active",
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: "2026-01-01T00:00:00.000Z",
    url: `${api(forge)}/workflows/${id}`,
    html_url: `${forge.url}/${forge.owner}/${forge.name}/blob/${forge.options.repository.defaultBranch}/${path}`,
    badge_url: `${forge.url}/${forge.owner}/${forge.name}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}

export async function showRun(forge: Forge, run: WorkflowRun): Promise<JsonObject> {
  const url = `${api(forge)}/runs/${run.id}`;
  const id = workflowId(run.path);
  const account = forge.accounts.find(run.actor.login);
  const actor: Json = account ? forge.accounts.show(account) : toObject(run.actor);
  const commit = await readCommit(forge.git, run.head_sha);
  const repository = await readStore(forge, "");
  delete repository.permissions;
  return {
    ...toObject(run),
    node_id: Buffer.from(`0:WorkflowRun${run.id}`).toString("base64"),
    workflow_id: id,
    check_suite_id: run.id,
    check_suite_node_id: Buffer.from(`0:CheckSuite${run.id}`).toString("base64"),
    url,
    actor,
    triggering_actor: actor,
    pull_requests: [],
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${forge.url}${forge.repoPath}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${api(forge)}/workflows/${id}`,
    head_commit: commit
      ? {
          id: commit.sha,
          tree_id: commit.tree,
          message: commit.message,
          timestamp: commit.committer.date,
          author: { name: commit.author.name, email: commit.author.email },
          committer: { name: commit.committer.name, email: commit.committer.email },
        }
      : null,
    repository,
    head_repository: repository,
  };
}

export function showJob(forge: Forge, run: WorkflowRun | undefined, job: WorkflowJob): JsonObject {
  const page = `${forge.url}/${forge.owner}/${forge.name}/actions/runs/${job.run_id}/job/${job.id}`;
  const shown = toObject(job);
  return {
    ...shown,
    run_url: `${api(forge)}/runs/${job.run_id}`,
    run_attempt: run?.run_attempt ?? 1,
    node_id: Buffer.from(`0:CheckRun${job.id}`).toString("base64"),
    head_sha: run?.head_sha ?? "",
    head_branch: run?.head_branch ?? "",
    workflow_name: run?.name ?? "",
    url: `${api(forge)}/jobs/${job.id}`,
    html_url: page,
    created_at: job.started_at ?? run?.created_at ?? null,
    started_at: job.started_at ?? run?.created_at ?? null,
    check_run_url: `${forge.url}${forge.repoPath}/check-runs/${job.id}`,
    labels: ["ubuntu-latest"],
    runner_id: 1,
    runner_name: "embedded",
    runner_group_id: 1,
    runner_group_name: "embedded",
  };
}

const DAY = 86_400_000;

export function showArtifact(
  forge: Forge,
  run: WorkflowRun | undefined,
  artifact: WorkflowArtifact,
): JsonObject {
  const url = `${api(forge)}/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: Buffer.from(`0:Artifact${artifact.id}`).toString("base64"),
    name: artifact.name,
    size_in_bytes: artifact.size_in_bytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: false,
    digest: artifact.digest,
    created_at: artifact.created_at,
    updated_at: artifact.created_at,
    expires_at: new Date(Date.parse(artifact.created_at) + 90 * DAY).toISOString(),
    workflow_run: {
      id: artifact.run_id,
      repository_id: 1,
      head_repository_id: 1,
      head_branch: run?.head_branch ?? null,
      head_sha: run?.head_sha ?? null,
    },
  };
}
