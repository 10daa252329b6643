// The one GraphQL query that reads a task, and its answer as a snapshot. GitHub's names end here.
import * as z from "zod";
import { archiveRef, branchName, framePath } from "../core/frame.ts";
import { workTreeHash } from "../core/hash.ts";
import type { Actor, CommentSnapshot, CommitSnapshot, RecordSnapshot, TaskSnapshot } from "../ports.ts";

const commitFields = `
  oid
  author { email }
  signature { isValid wasSignedByGitHub }
  tree { entries { name mode oid } }
  frame: file(path: $framePath) { object { ... on Blob { text } } }
  ledger: file(path: $ledgerPath) { object { ... on Blob { text } } }`;

const actorFields = "__typename login ... on User { databaseId }";

const commentFields = `databaseId body lastEditedAt createdAt author { ${actorFields} }`;

// Ours are the first under a pull request, however many strangers write after them.
const pullFields = `
    pullRequests(headRefName: $branch, first: 1, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes {
        id number isDraft state headRefOid
        opening: comments(first: 10) { nodes { ${commentFields} } }
        comments(last: 100) { nodes { ${commentFields} } }
      }
    }`;

const issueFields = `
    issue(number: $task) {
      number title body state lastEditedAt
      repository { nameWithOwner }
      labels(first: 50) { nodes { name } }
      timelineItems(last: 30, itemTypes: [LABELED_EVENT]) {
        nodes { ... on LabeledEvent { id createdAt label { name } actor { ${actorFields} } } }
      }
      changes: timelineItems(last: 1, itemTypes: [RENAMED_TITLE_EVENT, TRANSFERRED_EVENT]) {
        nodes { ... on RenamedTitleEvent { createdAt } ... on TransferredEvent { createdAt } }
      }
      comments(last: 100) { nodes { ${commentFields} } }
    }`;

/** What of a task is read: a job's token may not see all of it, and GitHub would refuse the whole query. */
export interface TaskParts {
  readonly issue: boolean;
  readonly pull: boolean;
}

export function taskQuery(parts: TaskParts): string {
  return `
query task($owner: String!, $name: String!,${parts.issue ? " $task: Int!," : ""}${parts.pull ? " $branch: String!," : ""} $branchRef: String!, $archiveRef: String!, $framePath: String!, $ledgerPath: String!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner url
    defaultBranchRef { name target { oid } }
    config: object(expression: "HEAD:.github/agent-harness.yml") { ... on Blob { text } }
    ${parts.issue ? issueFields : ""}
    branch: ref(qualifiedName: $branchRef) { target { ... on Commit { ${commitFields} } } }
    archive: ref(qualifiedName: $archiveRef) { target { ... on Commit { ${commitFields} } } }
    ${parts.pull ? pullFields : ""}
  }
}`;
}

export const historyQuery = `
query history($owner: String!, $name: String!, $branchRef: String!, $framePath: String!, $ledgerPath: String!) {
  repository(owner: $owner, name: $name) {
    branch: ref(qualifiedName: $branchRef) {
      target { ... on Commit { history(first: 30) { nodes { ${commitFields} } } } }
    }
  }
}`;

export function taskVariables(repository: { owner: string; name: string }, task: number) {
  return {
    ...repository,
    task,
    branch: branchName(task),
    branchRef: `refs/heads/${branchName(task)}`,
    archiveRef: `refs/${archiveRef(task)}`,
    framePath: `${framePath(task)}/frame.json`,
    ledgerPath: `${framePath(task)}/ledger.jsonl`,
  };
}

const nodes = <Node extends z.ZodType>(node: Node) => z.object({ nodes: z.array(node) });
const blob = z.object({ object: z.object({ text: z.string().nullish() }).nullish() }).nullish();

const actorSchema = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() })
  .nullable();

const commentSchema = z.object({
  databaseId: z.number(),
  body: z.string(),
  lastEditedAt: z.string().nullable(),
  createdAt: z.string(),
  author: actorSchema,
});

const commitSchema = z.object({
  oid: z.string(),
  author: z.object({ email: z.string().nullable() }).nullable(),
  signature: z.object({ isValid: z.boolean(), wasSignedByGitHub: z.boolean() }).nullable(),
  tree: z.object({
    entries: z.array(z.object({ name: z.string(), mode: z.number(), oid: z.string() })).nullable(),
  }),
  frame: blob,
  ledger: blob,
});
type CommitAnswer = z.infer<typeof commitSchema>;

const refSchema = z.object({ target: commitSchema.nullable() }).nullable();

export const taskAnswerSchema = z.object({
  repository: z.object({
    nameWithOwner: z.string(),
    url: z.string(),
    defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: z.string() }) }),
    config: z.object({ text: z.string().nullish() }).nullable(),
    issue: z
      .object({
        number: z.number(),
        title: z.string(),
        body: z.string(),
        state: z.string(),
        lastEditedAt: z.string().nullable(),
        repository: z.object({ nameWithOwner: z.string() }),
        labels: nodes(z.object({ name: z.string() })),
        timelineItems: nodes(
          z.object({
            id: z.string(),
            createdAt: z.string(),
            label: z.object({ name: z.string() }),
            actor: actorSchema,
          }),
        ),
        changes: nodes(z.object({ createdAt: z.string() })),
        comments: nodes(commentSchema),
      })
      .nullish(),
    branch: refSchema,
    archive: refSchema,
    pullRequests: nodes(
      z.object({
        id: z.string(),
        number: z.number(),
        isDraft: z.boolean(),
        state: z.enum(["OPEN", "CLOSED", "MERGED"]),
        headRefOid: z.string(),
        opening: nodes(commentSchema),
        comments: nodes(commentSchema),
      }),
    ).optional(),
  }),
});

export const historyAnswerSchema = z.object({
  repository: z.object({
    branch: z.object({ target: z.object({ history: nodes(commitSchema) }).nullable() }).nullable(),
  }),
});

/** Logins of the App and of the workflow's own token, without `[bot]`. */
export type PenLogins = readonly string[];

export function toRecordSnapshot(answer: z.infer<typeof taskAnswerSchema>, pens: PenLogins): RecordSnapshot {
  const { config, branch, archive } = answer.repository;
  return {
    configText: config?.text ?? undefined,
    branch: branch?.target ? toCommit(branch.target, pens) : undefined,
    archive: archive?.target ? toCommit(archive.target, pens) : undefined,
  };
}

/** `undefined` where there is no such issue, or GitHub leads to another repository's. */
export function toSnapshot(
  answer: z.infer<typeof taskAnswerSchema>,
  pens: PenLogins,
): TaskSnapshot | undefined {
  const { defaultBranchRef, issue, pullRequests, nameWithOwner, url } = answer.repository;
  if (!issue || issue.repository.nameWithOwner !== nameWithOwner) return undefined;
  const pull = pullRequests?.nodes[0];
  const toComments = (...lists: { nodes: z.infer<typeof commentSchema>[] }[]) => {
    const byId = new Map(lists.flatMap(({ nodes }) => nodes).map((comment) => [comment.databaseId, comment]));
    return [...byId.values()].map((comment) => toComment(comment, pens));
  };
  const labelledBy = new Map<string, { actor: Actor; at: string; event: string }>();
  for (const { id, label, actor, createdAt } of issue.timelineItems.nodes)
    labelledBy.set(label.name, { actor: toActor(actor, pens), at: createdAt, event: id });
  const changes = [issue.lastEditedAt, ...issue.changes.nodes.map(({ createdAt }) => createdAt)];
  return {
    repositoryUrl: url,
    defaultBranch: defaultBranchRef.name,
    defaultSha: defaultBranchRef.target.oid,
    ...toRecordSnapshot(answer, pens),
    issue: {
      number: issue.number,
      title: issue.title,
      body: issue.body,
      isOpen: issue.state === "OPEN",
      labels: issue.labels.nodes.map(({ name }) => name),
      labelledBy,
      changedAt: changes
        .filter((at) => at !== null)
        .sort()
        .at(-1),
      comments: toComments(issue.comments),
    },
    pull: pull && {
      number: pull.number,
      nodeId: pull.id,
      isDraft: pull.isDraft,
      state: pull.state === "OPEN" ? "open" : pull.state === "MERGED" ? "merged" : "closed",
      headSha: pull.headRefOid,
      comments: toComments(pull.opening, pull.comments),
    },
  };
}

export function toCommit(commit: CommitAnswer, pens: PenLogins): CommitSnapshot {
  const entries = (commit.tree.entries ?? []).map(({ name, mode, oid }) => ({
    path: name,
    mode: mode.toString(8),
    sha: oid,
  }));
  return {
    sha: commit.oid,
    isPen: isPenCommit(commit, pens),
    workTree: workTreeHash(entries),
    frameText: commit.frame?.object?.text ?? undefined,
    ledgerText: commit.ledger?.object?.text ?? undefined,
  };
}

/**
 * GitHub signs what a bot commits through its API, with the bot's noreply address; who pushes with that address has no
 * such signature.
 */
function isPenCommit({ author, signature }: CommitAnswer, pens: PenLogins): boolean {
  const login = /^\d+\+(.+)\[bot\]@users\.noreply\./.exec(author?.email ?? "")?.[1];
  return (
    login !== undefined && pens.includes(login) && signature?.isValid === true && signature.wasSignedByGitHub
  );
}

function toComment(
  { databaseId, body, lastEditedAt, createdAt, author }: z.infer<typeof commentSchema>,
  pens: PenLogins,
): CommentSnapshot {
  return { id: databaseId, body, isEdited: lastEditedAt !== null, createdAt, author: toActor(author, pens) };
}

/** A deleted account is nobody. */
function toActor(actor: z.infer<typeof actorSchema>, pens: PenLogins): Actor {
  return {
    login: actor?.login ?? "ghost",
    id: actor?.databaseId ?? 0,
    isUser: actor?.__typename === "User",
    isPen: actor?.__typename === "Bot" && pens.includes(actor.login.replace(/\[bot\]$/, "")),
  };
}
