// Issues, pull requests, comments, labels and timelines in GraphQL.
import { type Forge, readList } from "./forge.ts";
import { isoSeconds } from "./git-commit.ts";
import {
  type Arguments,
  connection,
  type Fields,
  type GraphqlContext,
  onlyArguments,
  PAGING,
} from "./graphql-context.ts";
import { commitObject, refObject } from "./graphql-git.ts";
import { actorObject } from "./graphql-people.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "./json.ts";

function labelObject(label: Json): Fields {
  const { node_id, name, color, description } = isObject(label) ? label : {};
  return { __typename: "Label", id: node_id, name, color, description: description ?? null };
}

/** What issues and pull requests have in common. */
function discussion(context: GraphqlContext, row: JsonObject): Record<string, unknown> {
  const { forge } = context;
  const number = Number(row.number);
  return {
    id: row.node_id,
    databaseId: row.id,
    number,
    title: row.title,
    body: row.body ?? "",
    url: row.html_url,
    locked: row.locked === true,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    closedAt: row.closed_at ?? null,
    closed: row.state === "closed",
    author: actorObject(forge, row.user),
    authorAssociation: row.author_association,
    viewerDidAuthor: textAt(objectAt(row, "user"), "login") === context.identity.login,
    labels: (given: Arguments) => connection("labels", listAt(row, "labels").map(labelObject), given),
    comments: async (given: Arguments) => {
      onlyArguments("comments", given, PAGING);
      const comments = (await readList(forge, `/issues/${number}/comments`)).filter(isObject);
      return connection(
        "comments",
        comments.map((comment) => commentObject(context, comment)),
        given,
      );
    },
    timelineItems: (given: Arguments) => timeline(context, number, given),
    ...editFields(context, row),
  };
}

function commentObject(context: GraphqlContext, comment: JsonObject): Fields {
  return {
    __typename: "IssueComment",
    id: comment.node_id,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    url: comment.html_url,
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    lastEditedAt: commentEdited(context, comment),
    author: actorObject(context.forge, comment.user),
    authorAssociation: comment.author_association,
    viewerDidAuthor: textAt(objectAt(comment, "user"), "login") === context.identity.login,
    isMinimized: false,
  };
}

function commentEdited({ forge }: GraphqlContext, comment: JsonObject): string | null {
  const at = forge.marks.commentEdits.get(Number(comment.id));
  return at === undefined ? null : isoSeconds(at);
}

/** GitHub lists edits newest first and, once there is one, the original as the last. */
function editFields({ forge }: GraphqlContext, row: JsonObject): Fields {
  const edits = forge.marks.edits.filter((edit) => edit.issue === row.number).reverse();
  const nodes = edits.map((edit) =>
    editObject(isoSeconds(edit.at), actorObject(forge, { login: edit.login })),
  );
  const original = editObject(row.created_at, actorObject(forge, row.user));
  const all = nodes.length > 0 ? [...nodes, original] : [];
  return {
    lastEditedAt: edits[0] ? isoSeconds(edits[0].at) : null,
    editor: edits[0] ? actorObject(forge, { login: edits[0].login }) : null,
    userContentEdits: (given: Arguments) => connection("userContentEdits", all, given),
  };
}

function editObject(at: Json | undefined, editor: Fields | null): Fields {
  return {
    __typename: "UserContentEdit",
    createdAt: at,
    editedAt: at,
    updatedAt: at,
    deletedAt: null,
    editor,
  };
}

const EVENTS: Readonly<Record<string, { event: string; type: string }>> = {
  LABELED_EVENT: { event: "labeled", type: "LabeledEvent" },
  UNLABELED_EVENT: { event: "unlabeled", type: "UnlabeledEvent" },
  RENAMED_TITLE_EVENT: { event: "renamed", type: "RenamedTitleEvent" },
  TRANSFERRED_EVENT: { event: "transferred", type: "TransferredEvent" },
};

async function timeline({ forge }: GraphqlContext, number: number, given: Arguments): Promise<Fields> {
  onlyArguments("timelineItems", given, [...PAGING, "itemTypes"]);
  if (forge.pulls.get(number))
    throw new Error("The embedded GitHub does not resolve PullRequest.timelineItems.");
  const types = Array.isArray(given.itemTypes) ? given.itemTypes.map(String) : ["all"];
  const wanted = types.map((type) => {
    const known = EVENTS[type];
    if (!known) throw new Error(`The embedded GitHub does not resolve timeline items of type ${type}.`);
    return known;
  });
  const kept = (await readList(forge, `/issues/${number}/events`)).filter(isObject);
  const rows = [...kept.toSorted((a, b) => Number(a.id) - Number(b.id)), ...markedEvents(forge, number)];
  const items = rows
    .toSorted((a, b) => Date.parse(String(a.created_at)) - Date.parse(String(b.created_at)))
    .flatMap((row) => {
      const known = wanted.find(({ event }) => event === row.event);
      if (!known) return [];
      return [
        {
          __typename: known.type,
          id: row.node_id,
          createdAt: row.created_at,
          actor: actorObject(forge, row.actor),
          label: labelObject(row.label ?? null),
        },
      ];
    });
  return connection("timelineItems", items, given);
}

/** What the store has no events for. */
function markedEvents({ marks }: Forge, number: number): JsonObject[] {
  const marked = [...marks.renamings, ...marks.transfers].filter(({ issue }) => issue === number);
  return marked.map(({ kind, at, login }) => ({
    event: kind,
    node_id: Buffer.from(`${kind}:${number}:${at}`).toString("base64url"),
    created_at: isoSeconds(at),
    actor: { login },
  }));
}

export function issueObject(context: GraphqlContext, row: JsonObject): Fields {
  const reason = textAt(row, "state_reason");
  return {
    ...discussion(context, row),
    __typename: "Issue",
    repository: { __typename: "Repository", nameWithOwner: `${context.forge.owner}/${context.forge.name}` },
    state: row.state === "open" ? "OPEN" : "CLOSED",
    stateReason: reason?.toUpperCase() ?? null,
  };
}

export function pullObject(context: GraphqlContext, row: JsonObject): Fields {
  const { forge } = context;
  const merged = textAt(row, "merged_at") !== undefined;
  const head = objectAt(row, "head");
  const base = objectAt(row, "base");
  return {
    ...discussion(context, row),
    __typename: "PullRequest",
    state: row.state === "open" ? "OPEN" : merged ? "MERGED" : "CLOSED",
    isDraft: row.draft === true,
    merged,
    mergedAt: row.merged_at ?? null,
    isCrossRepository: false,
    headRefName: head.ref,
    headRefOid: head.sha,
    baseRefName: base.ref,
    baseRefOid: base.sha,
    headRef: () => refObject(forge, `refs/heads/${textAt(head, "ref") ?? ""}`),
    baseRef: () => refObject(forge, `refs/heads/${textAt(base, "ref") ?? ""}`),
    commits: async (given: Arguments) => {
      onlyArguments("PullRequest.commits", given, ["last"]);
      if (given.last !== 1)
        throw new Error("The embedded GitHub does not resolve PullRequest.commits but for `last: 1`.");
      const commit = await commitObject(forge, textAt(head, "sha") ?? "");
      return connection("commits", [{ __typename: "PullRequestCommit", commit }], given);
    },
  };
}
