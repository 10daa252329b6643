// The `TaskSource` port over GitHub's GraphQL and REST.
import * as z from "zod";
import { permissions } from "../core/facts.ts";
import { taskOfBranch } from "../core/frame.ts";
import type { TaskSource } from "../ports.ts";
import { type GitHubClient, type RepositoryName, unlessStatus } from "./github-client.ts";
import {
  historyAnswerSchema,
  historyQuery,
  type PenLogins,
  taskAnswerSchema,
  taskQuery,
  taskVariables,
  toCommit,
  toRecordSnapshot,
  toSnapshot,
} from "./github-query.ts";

/** `withPull: false` for jobs that may not read pull requests. */
export function createTaskSource(
  client: GitHubClient,
  repository: RepositoryName,
  { pens, withPull }: { readonly pens: PenLogins; readonly withPull: boolean },
): TaskSource {
  const params = { owner: repository.owner, repo: repository.name };
  return {
    async load(task) {
      const { branch, ...variables } = taskVariables(repository, task);
      const answer = await client
        .graphql(taskQuery({ issue: true, pull: withPull }), {
          ...variables,
          ...(withPull ? { branch } : {}),
        })
        .catch(onlyMissingIssue);
      return answer === undefined ? undefined : toSnapshot(taskAnswerSchema.parse(answer), pens);
    },
    async loadRecord(number) {
      const { branch: _branch, task: _task, ...variables } = taskVariables(repository, number);
      const answer = await client.graphql(taskQuery({ issue: false, pull: false }), variables);
      return toRecordSnapshot(taskAnswerSchema.parse(answer), pens);
    },
    async lastPenCommit(task) {
      const { owner, name, branchRef, framePath, ledgerPath } = taskVariables(repository, task);
      const answer = await client.graphql(historyQuery, { owner, name, branchRef, framePath, ledgerPath });
      const history = historyAnswerSchema.parse(answer).repository.branch?.target?.history.nodes ?? [];
      return history.map((commit) => toCommit(commit, pens)).find(({ isPen }) => isPen);
    },
    async permission({ login, id }) {
      const answer = await unlessStatus(
        [404],
        client.request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
          ...params,
          username: login,
        }),
      );
      // A login that was given up can be taken by somebody else.
      if (answer?.data.user?.id !== id) return "none";
      const { role_name: role, permission } = answer.data;
      return (
        permissions.find((each) => each === role) ?? permissions.find((each) => each === permission) ?? "none"
      );
    },
    async repositoryFacts(sha, paths) {
      const answer = await client.graphql(repositoryQuery(paths), {
        ...repository,
        root: `${sha}:`,
        ...pathVariables(sha, paths),
      });
      return toRepositoryFacts(answer, paths);
    },
    async taskOfPull(pull) {
      const answer = await unlessStatus(
        [404],
        client.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...params, pull_number: pull }),
      );
      return answer && taskOfBranch(answer.data.head.ref);
    },
    async openTasks(label) {
      const [issues, pulls] = await Promise.all([
        client.request("GET /repos/{owner}/{repo}/issues", {
          ...params,
          labels: label,
          state: "open",
          per_page: 100,
        }),
        client.request("GET /repos/{owner}/{repo}/pulls", { ...params, state: "open", per_page: 100 }),
      ]);
      const labelled = issues.data.filter((issue) => !issue.pull_request).map(({ number }) => number);
      const branches = pulls.data
        .map(({ head }) => taskOfBranch(head.ref))
        .filter((task) => task !== undefined);
      return [...new Set([...labelled, ...branches])].sort((a, b) => a - b);
    },
  };
}

/** GraphQL answers a missing issue with data and an error of type NOT_FOUND. */
function onlyMissingIssue(error: unknown): undefined {
  const errors = z
    .object({ errors: z.array(z.object({ type: z.string().optional() })).min(1) })
    .safeParse(error);
  if (errors.success && errors.data.errors.every(({ type }) => type === "NOT_FOUND")) return undefined;
  throw error;
}

function repositoryQuery(paths: readonly string[]): string {
  const variables = paths.map((_, index) => `, $file${index}: String!`).join("");
  const files = paths
    .map((_, index) => `file${index}: object(expression: $file${index}) { ... on Blob { text } }`)
    .join("\n");
  return `query files($owner: String!, $name: String!, $root: String!${variables}) {
    repository(owner: $owner, name: $name) {
      root: object(expression: $root) { ... on Tree { entries { name } } }
      ${files}
    }
  }`;
}

function pathVariables(sha: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path, index) => [`file${index}`, `${sha}:${path}`]));
}

const filesAnswerSchema = z.object({
  repository: z
    .object({ root: z.object({ entries: z.array(z.object({ name: z.string() })) }).nullable() })
    .catchall(z.object({ text: z.string().nullish() }).nullable()),
});

function toRepositoryFacts(answer: unknown, paths: readonly string[]) {
  const { root, ...objects } = filesAnswerSchema.parse(answer).repository;
  const files = new Map<string, string>();
  for (const [index, path] of paths.entries()) {
    const text = objects[`file${index}`]?.text;
    if (typeof text === "string") files.set(path, text);
  }
  return { rootEntries: (root?.entries ?? []).map(({ name }) => name), files };
}
