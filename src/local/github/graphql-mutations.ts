// GraphQL's mutations: ready and draft, and a commit on a branch.
import { commitOnBranch } from "./branch-commit.ts";
import { readStore, writeStore } from "./forge.ts";
import type { TreeEdits } from "./git-tree.ts";
import { type Arguments, allow, type Fields, type GraphqlContext, problem } from "./graphql-context.ts";
import { commitObject, refObject } from "./graphql-git.ts";
import { pullObject } from "./graphql-issues.ts";
import { ApiError } from "./http.ts";
import { emitIssue } from "./issue-events.ts";
import { listAt, objectAt, textAt, toJson } from "./json.ts";
import { need } from "./permissions.ts";

export const mutations = {
  markPullRequestReadyForReview: (given: Arguments, context: GraphqlContext) =>
    context.forge.writing.run(() => setDraft(given, context, false)),
  convertPullRequestToDraft: (given: Arguments, context: GraphqlContext) =>
    context.forge.writing.run(() => setDraft(given, context, true)),
  createCommitOnBranch,
};

async function setDraft({ input }: Arguments, context: GraphqlContext, draft: boolean): Promise<Fields> {
  const { forge, identity } = context;
  // Seen on github.com: with `pull_requests: write` alone the mutation is refused.
  allow(context, need("write", ["contents:write", "pull_requests:write"]));
  const asked = toJson(input);
  const nodeId = textAt(asked, "pullRequestId") ?? "";
  const pull = forge.pulls.byNodeId(nodeId);
  if (!pull) throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${nodeId}'`);
  const path = `/pulls/${pull.number}`;
  const before = await readStore(forge, path);
  if (!pull.open) throw problem("UNPROCESSABLE", "Pull request is closed");
  if (draft && forge.options.draftsSupported === false)
    throw problem("UNPROCESSABLE", "Draft pull requests are not supported in this repository.");
  if (before.draft !== draft) {
    await writeStore(forge, identity, { method: "PATCH", path, body: { draft } });
    await emitIssue(forge, identity, {
      action: draft ? "converted_to_draft" : "ready_for_review",
      number: pull.number,
    });
  }
  const row = await readStore(forge, path);
  return {
    clientMutationId: textAt(asked, "clientMutationId") ?? null,
    pullRequest: pullObject(context, row),
  };
}

async function createCommitOnBranch({ input }: Arguments, context: GraphqlContext): Promise<Fields> {
  const { forge, identity } = context;
  allow(context, need("write", "contents:write"));
  const asked = toJson(input);
  const target = objectAt(asked, "branch");
  const branch = (textAt(target, "branchName") ?? "").replace(/^refs\/heads\//, "");
  const repository = textAt(target, "repositoryNameWithOwner")?.toLowerCase();
  if (
    repository !== `${forge.owner}/${forge.name}`.toLowerCase() ||
    !(await forge.refs.read(`refs/heads/${branch}`))
  )
    throw problem(
      "NOT_FOUND",
      `No ref named '${branch}' in ${repository ?? "the repository"}: name it with \`repositoryNameWithOwner\` and \`branchName\`.`,
    );
  const expectedHead = textAt(asked, "expectedHeadOid") ?? "";
  const stale = () =>
    problem(
      "STALE_DATA",
      `Expected branch to point to "${expectedHead}" but it did not. Pull and try again.`,
    );
  if ((await forge.refs.read(`refs/heads/${branch}`)) !== expectedHead) throw stale();
  const body = textAt(objectAt(asked, "message"), "body");
  const headline = textAt(objectAt(asked, "message"), "headline") ?? "";
  const message = body ? `${headline}\n\n${body}` : headline;
  const edits = await fileEdits(context, asked);
  const request = { branch, message, edits, identity, expectedHead };
  const commit = await commitOnBranch(forge, request).catch((error: unknown) => {
    throw error instanceof ApiError && error.status === 422 ? stale() : error;
  });
  return {
    clientMutationId: textAt(asked, "clientMutationId") ?? null,
    commit: await commitObject(forge, commit.sha),
    ref: await refObject(forge, `refs/heads/${branch}`),
  };
}

async function fileEdits({ forge }: GraphqlContext, asked: unknown): Promise<TreeEdits> {
  const edits = new Map<string, { mode: string; type: "blob"; sha: string } | undefined>();
  const changes = objectAt(asked, "fileChanges");
  for (const deletion of listAt(changes, "deletions")) edits.set(textAt(deletion, "path") ?? "", undefined);
  for (const addition of listAt(changes, "additions")) {
    const bytes = Buffer.from(textAt(addition, "contents") ?? "", "base64");
    edits.set(textAt(addition, "path") ?? "", {
      mode: "100644",
      type: "blob",
      sha: await forge.git.write("blob", bytes),
    });
  }
  return edits;
}
