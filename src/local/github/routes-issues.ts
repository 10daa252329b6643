// REST on issues, labels and comments: the store's work, plus the events that GitHub sends for it.
import { emit, type Forge, readList, readStore, record, writeStore } from "./forge.ts";
import { forward } from "./forward.ts";
import { type ApiAnswer, ApiError, type ApiRequest, noContent, ok, paginate } from "./http.ts";
import type { Identity } from "./identity.ts";
import { emitIssue } from "./issue-events.ts";
import { listAllComments, listIssues, readIssue } from "./issue-view.ts";
import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from "./json.ts";
import { authorize, type Need, need } from "./permissions.ts";
import { type Route, route } from "./router.ts";

const reading = need("read", "issues:read", "pull_requests:read");
const labelling = need("write", "issues:write");

/** What stands under a pull request may be written with either permission. */
function onIssue(role: Need["role"]): (forge: Forge, params: Readonly<Record<string, string>>) => Need {
  return (forge, params) =>
    forge.pulls.get(Number(params.number))
      ? need(role, "issues:write", "pull_requests:write")
      : need(role, "issues:write");
}

export const issueRoutes: readonly Route[] = [
  route("GET", "~/issues", reading, async (forge, request) => {
    const { page, headers } = paginate(request, forge.url, await listIssues(forge, request.query));
    return { ...ok(page), headers };
  }),
  route("POST", "~/issues", need("read", "issues:write"), createIssue),
  route("GET", "~/issues/comments", reading, async (forge, request) => {
    const { page, headers } = paginate(request, forge.url, await listAllComments(forge, request.query));
    return { ...ok(page), headers };
  }),
  route("GET", "~/issues/comments/:comment", reading, forward),
  route(
    "PATCH",
    "~/issues/comments/:comment",
    need("read", "issues:write", "pull_requests:write"),
    editComment,
  ),
  route(
    "DELETE",
    "~/issues/comments/:comment",
    need("read", "issues:write", "pull_requests:write"),
    deleteComment,
  ),
  route("GET", "~/issues/:number", reading, async (forge, { params }) => {
    return ok(await readIssue(forge, Number(params.number)));
  }),
  route("PATCH", "~/issues/:number", onIssue("read"), editIssue),
  route("GET", "~/issues/:number/comments", reading, forward),
  route("POST", "~/issues/:number/comments", onIssue("read"), createComment),
  route("GET", "~/issues/:number/events", reading, listEvents),
  route("GET", "~/issues/:number/timeline", reading, listEvents),
  route("GET", "~/issues/:number/labels", reading, forward),
  route("POST", "~/issues/:number/labels", onIssue("triage"), changeLabels),
  route("PUT", "~/issues/:number/labels", onIssue("triage"), changeLabels),
  route("DELETE", "~/issues/:number/labels", onIssue("triage"), changeLabels),
  route("DELETE", "~/issues/:number/labels/:name", onIssue("triage"), changeLabels),
  route("GET", "~/labels", reading, forward),
  route("POST", "~/labels", labelling, forward),
  route("GET", "~/labels/:name", reading, forward),
  route("PATCH", "~/labels/:name", labelling, forward),
  route("DELETE", "~/labels/:name", labelling, forward),
];

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});

async function listEvents(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  if (forge.pulls.get(Number(request.params.number)))
    throw new ApiError(
      501,
      "The embedded GitHub does not keep the events of pull requests, only those of issues.",
    );
  return forward(forge, request);
}

async function createIssue(forge: Forge, { body, identity }: ApiRequest): Promise<ApiAnswer> {
  const { labels, ...rest } = asObject(body);
  if (textAt(rest, "title") === undefined)
    throw new ApiError(422, 'Invalid request.\n\n"title" wasn\'t supplied.');
  const mayLabel = identity.kind !== "user" || identity.role !== "read";
  const issue = await openIssue(forge, identity, {
    fields: rest,
    labels: Array.isArray(labels) && mayLabel ? labels : [],
  });
  return ok(issue, 201);
}

/** GitHub tells of the issue first, then of each label, all of it as its author's doing: a template's labels too. */
export async function openIssue(
  forge: Forge,
  identity: Identity,
  { fields, labels }: { readonly fields: JsonObject; readonly labels: readonly Json[] },
): Promise<JsonObject> {
  const issue = asObject(
    await writeStore(forge, identity, { method: "POST", path: "/issues", body: fields }),
  );
  const number = numberAt(issue, "number") ?? 0;
  await emit(forge, "issues", identity, { action: "opened", issue });
  if (labels.length > 0)
    await setLabels(forge, identity, {
      number,
      method: "POST",
      path: `/issues/${number}/labels`,
      body: { labels: [...labels] },
    });
  return readIssue(forge, number);
}

async function editIssue(forge: Forge, { body, identity, params }: ApiRequest): Promise<ApiAnswer> {
  const number = Number(params.number);
  const before = await readIssue(forge, number);
  const { labels, ...rest } = asObject(body);
  const own = textAt(objectAt(before, "user"), "login") === identity.login;
  if (identity.kind === "user" && !own) authorize(identity, need("triage"));
  const place = forge.pulls.get(number) ? "pulls" : "issues";
  if (Object.keys(rest).length > 0)
    await writeStore(forge, identity, { method: "PATCH", path: `/${place}/${number}`, body: rest });
  const after = await readIssue(forge, number);
  if (before.body !== after.body)
    record(forge, { kind: "edit", at: Date.now(), login: identity.login, issue: number });
  if (before.title !== after.title)
    record(forge, { kind: "renamed", at: Date.now(), login: identity.login, issue: number });
  const changes = changesOf(before, after);
  if (Object.keys(changes).length > 0)
    await emitIssue(forge, identity, { action: "edited", number, extra: { changes } });
  if (before.state !== after.state)
    await emitIssue(forge, identity, { action: after.state === "open" ? "reopened" : "closed", number });
  if (Array.isArray(labels))
    await setLabels(forge, identity, {
      number,
      method: "PUT",
      path: `/issues/${number}/labels`,
      body: { labels },
    });
  return ok(await readIssue(forge, number));
}

/** GitHub's `changes`: what title and body were. */
export function changesOf(before: JsonObject, after: JsonObject): JsonObject {
  const changed = ["title", "body"].filter((key) => before[key] !== after[key]);
  return Object.fromEntries(changed.map((key) => [key, { from: before[key] ?? "" }]));
}

interface LabelChange {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
}

async function changeLabels(
  forge: Forge,
  { body, identity, params, method, path }: ApiRequest,
): Promise<ApiAnswer> {
  const number = Number(params.number);
  const below = path.slice(path.indexOf("/issues/"));
  // The store leaves no event when all are removed at once.
  const clears = method === "DELETE" && params.name === undefined;
  const call = { number, method: clears ? "PUT" : method, path: below };
  const list = Array.isArray(body) ? { labels: body } : asObject(body);
  const labels = await setLabels(forge, identity, { ...call, body: clears ? { labels: [] } : list });
  return clears ? noContent : ok(labels);
}

/** Changes the labels of an issue and tells which were added and removed. */
async function setLabels(forge: Forge, identity: Identity, change: LabelChange): Promise<Json[]> {
  const { number, method, path, body } = change;
  const before = listAt(await readIssue(forge, number), "labels");
  const names = new Set(before.map((label) => textAt(label, "name")));
  await createMissingLabels(forge, identity, body);
  await writeStore(forge, identity, { method, path, body });
  const after = listAt(await readIssue(forge, number), "labels");
  const kept = new Set(after.map((label) => textAt(label, "name")));
  for (const label of after.filter((one) => !names.has(textAt(one, "name"))))
    await emitIssue(forge, identity, { action: "labeled", number, extra: { label } });
  for (const label of before.filter((one) => !kept.has(textAt(one, "name"))))
    await emitIssue(forge, identity, { action: "unlabeled", number, extra: { label } });
  return after;
}

/** GitHub makes a label that an issue is given and the repository lacks, in grey; the store would choose a colour by chance. */
async function createMissingLabels(forge: Forge, identity: Identity, body: JsonObject): Promise<void> {
  const names = listAt(body, "labels").map((label) =>
    isObject(label) ? textAt(label, "name") : String(label),
  );
  const known = new Set((await readList(forge, "/labels")).map((label) => textAt(label, "name")));
  for (const name of new Set(names)) {
    if (name === undefined || known.has(name)) continue;
    await writeStore(forge, identity, { method: "POST", path: "/labels", body: { name, color: "ededed" } });
  }
}

const LONGEST_COMMENT = 65_536;

function checkComment(body: Json): string {
  const text = textAt(body, "body") ?? "";
  if (text.trim() === "") throw unprocessable("body is missing");
  if (text.length > LONGEST_COMMENT) throw unprocessable("body is too long (maximum is 65536 characters)");
  return text;
}

const unprocessable = (message: string) =>
  new ApiError(422, "Validation Failed", [
    { resource: "IssueComment", code: "unprocessable", field: "data", message },
  ]);

async function createComment(forge: Forge, { body, identity, params }: ApiRequest): Promise<ApiAnswer> {
  const number = Number(params.number);
  const path = `/issues/${number}/comments`;
  const text = checkComment(body);
  const comment = await writeStore(forge, identity, { method: "POST", path, body: { body: text } });
  const issue = await readIssue(forge, number);
  await emit(forge, "issue_comment", identity, { action: "created", issue, comment });
  return ok(comment, 201);
}

async function ownComment(
  forge: Forge,
  identity: Identity,
  id: string,
): Promise<{ comment: JsonObject; number: number }> {
  const comment = await readStore(forge, `/issues/comments/${id}`);
  const number = Number((textAt(comment, "issue_url") ?? "").split("/").at(-1));
  const mine = textAt(objectAt(comment, "user"), "login") === identity.login;
  if (identity.kind === "user" && !mine) authorize(identity, need("write"));
  if (identity.kind !== "user" && !forge.pulls.get(number))
    authorize(identity, need("write", "issues:write"));
  return { comment, number };
}

async function editComment(forge: Forge, { body, identity, params }: ApiRequest): Promise<ApiAnswer> {
  const id = params.comment ?? "";
  const before = await ownComment(forge, identity, id);
  const text = checkComment(body);
  const path = `/issues/comments/${id}`;
  const comment = await writeStore(forge, identity, { method: "PATCH", path, body: { body: text } });
  if (before.comment.body !== text)
    record(forge, { kind: "comment-edit", at: Date.now(), comment: Number(id) });
  const changes = { body: { from: before.comment.body ?? "" } };
  const issue = await readIssue(forge, before.number);
  await emit(forge, "issue_comment", identity, { action: "edited", changes, issue, comment });
  return ok(comment);
}

async function deleteComment(forge: Forge, { identity, params }: ApiRequest): Promise<ApiAnswer> {
  const id = params.comment ?? "";
  const { comment, number } = await ownComment(forge, identity, id);
  await writeStore(forge, identity, { method: "DELETE", path: `/issues/comments/${id}` });
  const issue = await readIssue(forge, number);
  await emit(forge, "issue_comment", identity, { action: "deleted", issue, comment });
  return noContent;
}
