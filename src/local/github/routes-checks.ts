// REST on check runs, statuses and reactions. Check runs are the store's; the other two are ours alone.
import { emit, type Forge, readStore, record, writeStore } from "./forge.ts";
import { forward } from "./forward.ts";
import { isoSeconds } from "./git-commit.ts";
import { type ApiAnswer, ApiError, type ApiRequest, ok, paginate } from "./http.ts";
import { isObject, type JsonObject, numberAt, objectAt, textAt } from "./json.ts";
import type { Status } from "./marks.ts";
import { need } from "./permissions.ts";
import { type Route, route } from "./router.ts";
import { resolveCommit } from "./routes-contents.ts";

const reading = need("read", "checks:read");
const writing = need("admin", "checks:write");

export const checkRoutes: readonly Route[] = [
  route("POST", "~/check-runs", writing, createCheckRun),
  route("PATCH", "~/check-runs/:id", writing, updateCheckRun),
  route("GET", "~/check-runs/:id", reading, forward),
  route("GET", "~/check-runs/:id/annotations", reading, forward),
  route("GET", "~/commits/:ref+/check-runs", reading, listCheckRuns),
  route("POST", "~/statuses/:sha", need("write", "statuses:write"), createStatus),
  route("GET", "~/commits/:ref+/statuses", need("read", "statuses:read"), async (forge, { params }) => {
    return ok((await statusesOf(forge, params.ref ?? "")).map((status) => showStatus(forge, status)));
  }),
  route("GET", "~/commits/:ref+/status", need("read", "statuses:read"), combinedStatus),
];

/** The store lists the check runs of its own commits alone. */
async function listCheckRuns(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const sha = await resolveCommit(forge, request.params.ref ?? "");
  const ids = [...forge.marks.checks.values()].filter((check) => check.sha === sha).map(({ id }) => id);
  const runs = await Promise.all(ids.toReversed().map((id) => readStore(forge, `/check-runs/${id}`)));
  const asked = (name: string, value: unknown) =>
    (request.query.get(name) ?? String(value)) === String(value);
  const matching = runs.filter(
    (run) =>
      asked("check_name", run.name) &&
      asked("status", run.status) &&
      asked("app_id", objectAt(run, "app").id),
  );
  const latest = request.query.get("filter") !== "all";
  const key = (run: JsonObject) => `${String(objectAt(run, "app").id)} ${String(run.name)}`;
  const found = matching.filter(
    (run, index) => !latest || matching.findIndex((one) => key(one) === key(run)) === index,
  );
  const { page, headers } = paginate(request, forge.url, found);
  return { ...ok({ total_count: found.length, check_runs: page }), headers };
}

function onlyApps(request: ApiRequest): void {
  if (request.identity.kind === "user") throw new ApiError(403, "You must authenticate via a GitHub App.");
}

async function createCheckRun(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  onlyApps(request);
  const { identity } = request;
  const asked: JsonObject = isObject(request.body) ? request.body : {};
  const sha = textAt(asked, "head_sha") ?? "";
  if ((await forge.git.info(sha))?.type !== "commit")
    throw new ApiError(422, `No commit found for SHA: ${sha}`);
  const body = { ...asked, started_at: asked.started_at ?? isoSeconds(Date.now()) };
  const id =
    numberAt(await writeStore(forge, identity, { method: "POST", path: "/check-runs", body }), "id") ?? 0;
  record(forge, { kind: "check", at: Date.now(), id, slug: identity.login.replace("[bot]", ""), sha });
  const run = await readStore(forge, `/check-runs/${id}`);
  await emit(forge, "check_run", identity, { action: "created", check_run: run });
  if (run.status === "completed")
    await emit(forge, "check_run", identity, { action: "completed", check_run: run });
  return ok(run, 201);
}

async function updateCheckRun(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  onlyApps(request);
  const { identity, params } = request;
  const id = Number(params.id);
  const path = `/check-runs/${id}`;
  const before = await readStore(forge, path);
  if (forge.marks.checks.get(id)?.slug !== identity.login.replace("[bot]", ""))
    throw new ApiError(
      403,
      "Invalid app_id `check_run` - check run can only be modified by the GitHub App that created it.",
    );
  const body: JsonObject = isObject(request.body) ? request.body : {};
  // A conclusion completes the run, whether or not the request says so.
  const done = textAt(body, "conclusion") !== undefined ? { status: "completed" } : {};
  const run = await writeStore(forge, identity, { method: "PATCH", path, body: { ...body, ...done } });
  if (before.status !== "completed" && textAt(run, "status") === "completed")
    await emit(forge, "check_run", identity, { action: "completed", check_run: run });
  return ok(run);
}

async function createStatus(forge: Forge, { body, identity, params }: ApiRequest): Promise<ApiAnswer> {
  const sha = params.sha ?? "";
  if ((await forge.git.info(sha))?.type !== "commit")
    throw new ApiError(422, `No commit found for SHA: ${sha}`);
  const state = textAt(body, "state") ?? "";
  if (!/^(error|failure|pending|success)$/.test(state))
    throw new ApiError(422, "Validation Failed", [{ resource: "Status", field: "state", code: "custom" }]);
  const kept: JsonObject = isObject(body) ? body : {};
  const id = forge.marks.nextId();
  const status: Status = { kind: "status", at: Date.now(), login: identity.login, id, sha, body: kept };
  record(forge, status);
  return ok(showStatus(forge, status), 201);
}

function showStatus(forge: Forge, status: Status): JsonObject {
  return {
    id: status.id,
    node_id: Buffer.from(`0:Status${status.id}`).toString("base64"),
    url: `${forge.url}${forge.repoPath}/statuses/${status.sha}`,
    state: textAt(status.body, "state") ?? "",
    context: textAt(status.body, "context") ?? "default",
    description: textAt(status.body, "description") ?? null,
    target_url: textAt(status.body, "target_url") ?? null,
    creator: forge.accounts.show(forge.accounts.get(status.login)),
    created_at: isoSeconds(status.at),
    updated_at: isoSeconds(status.at),
  };
}

async function statusesOf(forge: Forge, ref: string): Promise<Status[]> {
  const sha = await resolveCommit(forge, ref);
  return forge.marks.statuses.filter((status) => status.sha === sha).reverse();
}

async function combinedStatus(forge: Forge, { params }: ApiRequest): Promise<ApiAnswer> {
  const all = (await statusesOf(forge, params.ref ?? "")).map((status) => showStatus(forge, status));
  const latest = [...new Map(all.toReversed().map((status) => [status.context, status])).values()];
  const states = latest.map((status) => status.state);
  const failed = states.includes("failure") || states.includes("error");
  const state = failed
    ? "failure"
    : states.length === 0 || states.includes("pending")
      ? "pending"
      : "success";
  return ok({
    state,
    statuses: latest,
    total_count: latest.length,
    sha: await resolveCommit(forge, params.ref ?? ""),
  });
}
