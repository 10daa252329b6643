// The `Discussion` port: pull request, comments, reactions and the check run.

import { checkName } from "../core/verdict.ts";
import type { Discussion } from "../ports.ts";
import { type GitHubClient, type RepositoryName, unlessStatus } from "./github-client.ts";

export function createDiscussion(client: GitHubClient, repository: RepositoryName): Discussion {
  const params = { owner: repository.owner, repo: repository.name };
  /** Another copy was first, or the branch cannot have one: then GitHub's own words say why. */
  const openPullOf = async (branch: string) => {
    const head = `${repository.owner}:${branch}`;
    const { data } = await client.request("GET /repos/{owner}/{repo}/pulls", {
      ...params,
      head,
      state: "open",
    });
    const pull = data[0];
    if (!pull) throw new Error(`GitHub opened no pull request for ${branch}, and there is none.`);
    return pull;
  };
  return {
    async openPull({ title, body, branch, base }) {
      const opened = await unlessStatus(
        [422],
        client.request("POST /repos/{owner}/{repo}/pulls", {
          ...params,
          title,
          body,
          head: branch,
          base,
          draft: true,
        }),
      );
      const pull = opened?.data ?? (await openPullOf(branch));
      return { number: pull.number, nodeId: pull.node_id };
    },
    async comment(number, body) {
      await client.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...params,
        issue_number: number,
        body,
      });
    },
    async editComment(id, body) {
      await client.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
        ...params,
        comment_id: id,
        body,
      });
    },
    async react(comment, content) {
      await client.request("POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", {
        ...params,
        comment_id: comment,
        content,
      });
    },
    async markReady(nodeId) {
      await client.graphql(
        "mutation ready($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }",
        { id: nodeId },
      );
    },
    async check(headSha) {
      const { data } = await client.request("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
        ...params,
        ref: headSha,
        check_name: checkName,
        filter: "latest",
      });
      const run = data.check_runs[0];
      return run && { headSha: run.head_sha, conclusion: run.conclusion };
    },
    async postCheck({ headSha, conclusion, title, summary }) {
      const status =
        conclusion === "in_progress"
          ? ({ status: "in_progress" } as const)
          : ({ status: "completed", conclusion } as const);
      await client.request("POST /repos/{owner}/{repo}/check-runs", {
        ...params,
        name: checkName,
        head_sha: headSha,
        ...status,
        output: { title, summary },
      });
    },
  };
}
