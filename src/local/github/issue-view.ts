// Issues as GitHub shows them: a pull request is an issue too, which the store does not know.
import { type Forge, readList, readStore } from "./forge.ts";
import { notFound } from "./http.ts";
import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from "./json.ts";

/** Throws 404 where there is neither an issue nor a pull request of this number. */
export async function readIssue(forge: Forge, number: number): Promise<JsonObject> {
  // GitHub leads to the other repository, which is not there.
  if (forge.marks.isAway(number)) throw notFound();
  if (!forge.pulls.get(number)) return readStore(forge, `/issues/${number}`);
  const comments = await readList(forge, `/issues/${number}/comments`);
  return { ...pullAsIssue(forge, await readStore(forge, `/pulls/${number}`)), comments: comments.length };
}

const REACTIONS = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

function pullAsIssue(forge: Forge, pull: JsonObject): JsonObject {
  const number = numberAt(pull, "number") ?? 0;
  const url = `${forge.url}${forge.repoPath}/issues/${number}`;
  const { title, user, labels, state, locked, body, draft, html_url, diff_url, patch_url } = pull;
  const { assignee, assignees, milestone, created_at, updated_at, closed_at, merged_at } = pull;
  const kept = { title, user, labels, state, locked, body, draft, html_url, assignee, assignees, milestone };
  return {
    ...Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, value ?? null])),
    url,
    repository_url: `${forge.url}${forge.repoPath}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    // The store numbers the issues behind pull requests as it numbers both.
    id: number,
    node_id: Buffer.from(`0:Issue${number}`).toString("base64url"),
    number,
    state_reason: null,
    active_lock_reason: null,
    comments: 0,
    created_at: created_at ?? null,
    updated_at: updated_at ?? null,
    closed_at: closed_at ?? null,
    closed_by: null,
    author_association: pull.author_association ?? "NONE",
    performed_via_github_app: null,
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      ...Object.fromEntries(REACTIONS.map((name) => [name, 0])),
    },
    pull_request: {
      url: `${forge.url}${forge.repoPath}/pulls/${number}`,
      html_url: html_url ?? null,
      diff_url: diff_url ?? null,
      patch_url: patch_url ?? null,
      merged_at: merged_at ?? null,
    },
  };
}

/** Issues and pull requests that match GitHub's filters, newest first unless `direction` is `asc`. */
export async function listIssues(forge: Forge, query: URLSearchParams): Promise<JsonObject[]> {
  const listed = await readList(forge, "/issues", "&state=all");
  const issues = listed.filter((issue) => !forge.marks.isAway(numberAt(issue, "number") ?? 0));
  const pulls = (await readList(forge, "/pulls", "&state=all")).filter(isObject);
  const all = [...issues.filter(isObject), ...pulls.map((pull) => pullAsIssue(forge, pull))];
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const creator = query.get("creator");
  const since = query.get("since") ?? "";
  const found = all.filter((issue) => {
    const names = listAt(issue, "labels").map((label) => textAt(label, "name"));
    const author = textAt(objectAt(issue, "user"), "login");
    return (
      (state === "all" || issue.state === state) &&
      labels.every((label) => names.includes(label)) &&
      (creator === null || author === creator) &&
      (textAt(issue, "updated_at") ?? "") >= since
    );
  });
  const sign = query.get("direction") === "asc" ? 1 : -1;
  return found.toSorted((a, b) => sign * ((numberAt(a, "number") ?? 0) - (numberAt(b, "number") ?? 0)));
}

/** The comments of all issues and pull requests, oldest first unless `direction` is `desc`. */
export async function listAllComments(forge: Forge, query: URLSearchParams): Promise<Json[]> {
  const issues = await listIssues(forge, new URLSearchParams({ state: "all" }));
  const lists = await Promise.all(
    issues.map(({ number }) => readList(forge, `/issues/${String(number)}/comments`)),
  );
  const since = query.get("since") ?? "";
  const found = lists.flat().filter((comment) => (textAt(comment, "updated_at") ?? "") >= since);
  const sign = query.get("direction") === "desc" ? -1 : 1;
  return found.toSorted((a, b) => sign * ((numberAt(a, "id") ?? 0) - (numberAt(b, "id") ?? 0)));
}
