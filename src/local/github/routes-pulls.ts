// REST on pull requests: opened only between real branches, shown with the real repository's commits.
import { type Forge, readList, readStore, record, writeStore } from "./forge.ts";
import { forward } from "./forward.ts";
import { listCommits } from "./git-commit.ts";
import { type ApiAnswer, ApiError, type ApiRequest, ok, paginate } from "./http.ts";
import { emitIssue } from "./issue-events.ts";
import { isObject, type Json, type JsonObject, numberAt, objectAt, textAt } from "./json.ts";
import { authorize, need } from "./permissions.ts";
import { type Route, route } from "./router.ts";
import { changesOf } from "./routes-issues.ts";
import { showCommit, showFile } from "./show-git.ts";
import { pullFiles, pullRange, wholePull } from "./show-pull.ts";

const reading = need("read", "pull_requests:read");
const writing = need("write", "pull_requests:write");

export const pullRoutes: readonly Route[] = [
  route("GET", "~/pulls", reading, forward),
  route("POST", "~/pulls", writing, createPull),
  route("GET", "~/pulls/:number", reading, async (forge, { params }) =>
    ok(await wholePull(forge, Number(params.number))),
  ),
  route("PATCH", "~/pulls/:number", need("read", "pull_requests:write"), editPull),
  route("GET", "~/pulls/:number/commits", reading, async (forge, request) => {
    const range = await pullRange(forge, await readStore(forge, `/pulls/${request.params.number}`));
    const commits = range ? await listCommits(forge.git, ["--reverse", `${range.base}..${range.head}`]) : [];
    const { page, headers } = paginate(
      request,
      forge.url,
      commits.map((commit) => showCommit(forge, commit)),
    );
    return { ...ok(page), headers };
  }),
  route("GET", "~/pulls/:number/files", reading, async (forge, request) => {
    const pull = await readStore(forge, `/pulls/${request.params.number}`);
    const head = textAt(objectAt(pull, "head"), "sha") ?? "";
    const files = (await pullFiles(forge, pull)).map((file) => showFile(forge, head, file));
    const { page, headers } = paginate(request, forge.url, files);
    return { ...ok(page), headers };
  }),
  route("GET", "~/commits/:sha/pulls", reading, async (forge, { params }) => {
    const pulls = await readList(forge, "/pulls", "&state=all");
    return ok(pulls.filter((pull) => textAt(objectAt(pull, "head"), "sha") === params.sha));
  }),
];

const invalid = (error: Json) => new ApiError(422, "Validation Failed", [error]);
const field = (name: string) => invalid({ resource: "PullRequest", field: name, code: "invalid" });
const custom = (message: string) => invalid({ resource: "PullRequest", code: "custom", message });

async function createPull(forge: Forge, { body, identity }: ApiRequest): Promise<ApiAnswer> {
  const asked: JsonObject = isObject(body) ? body : {};
  const head = (textAt(asked, "head") ?? "").replace(new RegExp(`^${forge.owner}:`, "i"), "");
  const base = textAt(asked, "base") ?? "";
  const headSha = await forge.refs.read(`refs/heads/${head}`);
  const baseSha = await forge.refs.read(`refs/heads/${base}`);
  if (!headSha) throw field("head");
  if (!baseSha) throw field("base");
  if (asked.draft === true && forge.options.draftsSupported === false)
    throw new ApiError(422, "Draft pull requests are not supported in this repository.");
  if (forge.pulls.openFrom(head).some((pull) => pull.base === base))
    throw custom(`A pull request already exists for ${forge.owner}:${head}.`);
  const ahead = await forge.git.text(["rev-list", "--count", `${baseSha}..${headSha}`]);
  if (Number(ahead) === 0) throw custom(`No commits between ${base} and ${head}`);
  const created = await writeStore(forge, identity, {
    method: "POST",
    path: "/pulls",
    body: { ...asked, head, base },
  });
  const number = numberAt(created, "number") ?? 0;
  await forge.refs.mirror(`refs/pull/${number}/head`, headSha);
  await emitIssue(forge, identity, { action: "opened", number });
  return ok(await wholePull(forge, number), 201);
}

async function editPull(forge: Forge, { body, identity, params }: ApiRequest): Promise<ApiAnswer> {
  const number = Number(params.number);
  const before = await readStore(forge, `/pulls/${number}`);
  const own = textAt(objectAt(before, "user"), "login") === identity.login;
  if (identity.kind === "user" && !own) authorize(identity, need("triage"));
  // GitHub's REST API cannot change `draft`: it is left out without a word, as there.
  const { draft: _, ...rest } = isObject(body) ? body : {};
  await writeStore(forge, identity, { method: "PATCH", path: `/pulls/${number}`, body: rest });
  const after = await wholePull(forge, number);
  if (before.body !== after.body)
    record(forge, { kind: "edit", at: Date.now(), login: identity.login, issue: number });
  const changes = changesOf(before, after);
  if (Object.keys(changes).length > 0)
    await emitIssue(forge, identity, { action: "edited", number, extra: { changes } });
  if (before.state !== after.state)
    await emitIssue(forge, identity, { action: after.state === "open" ? "reopened" : "closed", number });
  return ok(after);
}
