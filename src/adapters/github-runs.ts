// The `Runs` port: workflow runs by ticket, their artifacts, dispatch and cancel.
import type { RunFacts } from "../core/facts.ts";
import { Problem } from "../core/problem.ts";
import type { Runs } from "../ports.ts";
import { type GitHubClient, type RepositoryName, unlessStatus } from "./github-client.ts";
import { readZip } from "./read-zip.ts";

export const workflowFile = "agent-harness.yml";

/** Larger artifacts of ours are not read: a verdict with its evidence is far below. */
const maxPackedBytes = 16 * 1024 * 1024;
const limits = { files: 1_000, bytes: 64 * 1024 * 1024 };

export function createRuns(client: GitHubClient, repository: RepositoryName, defaultBranch: string): Runs {
  const params = { owner: repository.owner, repo: repository.name };
  return {
    async withTicket(task, ticket) {
      const { data } = await client.request("GET /repos/{owner}/{repo}/actions/runs", {
        ...params,
        event: "workflow_dispatch",
        per_page: 100,
      });
      return data.workflow_runs
        .filter((run) => run.display_title === `agent-harness #${task} ${ticket}`)
        .filter((run) => run.head_branch === defaultBranch)
        .filter((run) => run.path.split("@")[0] === `.github/workflows/${workflowFile}`)
        .map((run) => ({
          id: Number(run.id),
          ticket,
          attempt: run.run_attempt ?? 0,
          status: runStatus(run.status),
          conclusion: run.conclusion,
        }))
        .sort((a, b) => a.id - b.id);
    },
    async artifact(run, name) {
      const { data } = await client.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", {
        ...params,
        run_id: run,
        name,
      });
      const found = data.artifacts.filter((each) => each.name === name && !each.expired);
      const [artifact] = found;
      // Which of two is the run's own, nothing tells.
      if (!artifact || found.length > 1 || artifact.size_in_bytes > maxPackedBytes) return undefined;
      const zip = await client.request(
        "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
        {
          ...params,
          artifact_id: artifact.id,
          archive_format: "zip",
        },
      );
      if (!(zip.data instanceof ArrayBuffer)) return undefined;
      return filesOf(new Uint8Array(zip.data));
    },
    async dispatch(task, ticket) {
      await client.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
        ...params,
        workflow_id: workflowFile,
        ref: defaultBranch,
        inputs: { task: String(task), ticket },
      });
    },
    async cancel(run) {
      await unlessStatus(
        [404, 409],
        client.request("POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel", { ...params, run_id: run }),
      );
    },
  };
}

/** A zip that is none of ours is as good as none. */
function filesOf(zip: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  try {
    return readZip(zip, limits);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function runStatus(status: string | null): RunFacts["status"] {
  if (status === "completed" || status === "in_progress") return status;
  return "queued";
}
