// The ports of the stand-alone verifier: an issue's text, and the check run on the head of a pull request.
import { checkName } from "../core/verdict.ts";
import type { CheckRuns, IssueSource } from "../ports.ts";
import { type GitHubClient, type RepositoryName, unlessStatus } from "./github-client.ts";

export function createIssueSource(client: GitHubClient, repository: RepositoryName): IssueSource {
  const params = { owner: repository.owner, repo: repository.name };
  return {
    async issue(number) {
      const found = await unlessStatus(
        [404, 410],
        client.request("GET /repos/{owner}/{repo}/issues/{issue_number}", {
          ...params,
          issue_number: number,
        }),
      );
      if (!found || found.data.pull_request) return undefined;
      const { title, body, labels } = found.data;
      const names = labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
      return { title, body: body ?? "", labels: names };
    },
  };
}

export function createCheckRuns(client: GitHubClient, repository: RepositoryName): CheckRuns {
  const params = { owner: repository.owner, repo: repository.name };
  return {
    async start(headSha) {
      const created = await unlessStatus(
        [403],
        client.request("POST /repos/{owner}/{repo}/check-runs", {
          ...params,
          name: checkName,
          head_sha: headSha,
          status: "in_progress",
        }),
      );
      return created ? Number(created.data.id) : "refused";
    },
    async finish(id, { conclusion, title, summary }) {
      await client.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
        ...params,
        check_run_id: id,
        status: "completed",
        conclusion,
        output: { title, summary },
      });
    },
  };
}
