// Turns the store's answers into GitHub's: real people, whole seconds, commits of the real repository, whose App it was.
import { ACTIONS_BOT, type Account } from "./accounts.ts";
import type { Forge } from "./forge.ts";
import { isObject, type Json, type JsonObject, numberAt, objectAt, textAt } from "./json.ts";
import { ZERO } from "./refs.ts";

export async function present(forge: Forge, value: Json): Promise<Json> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => present(forge, item)));
  if (!isObject(value)) return value;
  const login = textAt(value, "login");
  const account = login !== undefined && "node_id" in value ? forge.accounts.find(login) : undefined;
  if (account) return forge.accounts.show(account);
  const shown: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const time = key.endsWith("_at") && typeof inner === "string";
    shown[key] = time ? inner.replace(/\.\d{3}Z$/, "Z") : await present(forge, inner);
  }
  return finish(forge, shown);
}

async function finish(forge: Forge, shown: JsonObject): Promise<JsonObject> {
  if ("diff_url" in shown && "head" in shown && "base" in shown) await finishPull(forge, shown);
  if ("author_association" in shown) finishAuthored(forge, shown);
  if ("check_suite" in shown && "head_sha" in shown) await finishCheckRun(forge, shown);
  if ("repository_url" in shown && "comments_url" in shown) finishIssue(forge, shown);
  if ("default_branch" in shown && "full_name" in shown) finishRepository(shown);
  if ("color" in shown && "default" in shown && shown.description === undefined) shown.description = null;
  return shown;
}

async function finishPull(forge: Forge, pull: JsonObject): Promise<void> {
  const entry = forge.pulls.get(numberAt(pull, "number") ?? 0);
  const head = objectAt(pull, "head");
  const base = objectAt(pull, "base");
  const open = textAt(pull, "state") === "open";
  const branch = open ? await forge.refs.read(`refs/heads/${textAt(head, "ref") ?? ""}`) : undefined;
  const kept = entry ? await forge.refs.read(`refs/pull/${entry.number}/head`) : undefined;
  const sha = branch ?? kept;
  if (sha) head.sha = sha;
  const baseSha = await forge.refs.read(`refs/heads/${textAt(base, "ref") ?? ""}`);
  if (baseSha) base.sha = baseSha;
  const statuses = `${forge.url}${forge.repoPath}/statuses/${sha ?? ""}`;
  pull.statuses_url = statuses;
  objectAt(pull, "_links").statuses = { href: statuses };
  pull.active_lock_reason ??= null;
}

function finishAuthored(forge: Forge, shown: JsonObject): void {
  const account = forge.accounts.find(textAt(shown.user, "login") ?? "");
  shown.author_association = association(forge, account);
  if (account?.type === "Bot" && "performed_via_github_app" in shown)
    shown.performed_via_github_app = appOf(forge, account.login.replace("[bot]", ""));
}

function association(forge: Forge, account: Account | undefined): string {
  if (account?.login === forge.owner) return "OWNER";
  const collaborates =
    account && account.type === "User" && account.role !== "none" && account.role !== "read";
  return collaborates ? "COLLABORATOR" : "NONE";
}

async function finishCheckRun(forge: Forge, run: JsonObject): Promise<void> {
  const app = appOf(forge, forge.marks.checks.get(numberAt(run, "id") ?? 0)?.slug ?? forge.options.app.slug);
  const pulls: Json[] = [];
  let branch: string | null = null;
  for (const pull of forge.pulls.all.filter((one) => one.open)) {
    const head = await forge.refs.read(`refs/heads/${pull.head}`);
    if (head !== run.head_sha) continue;
    const base = (await forge.refs.read(`refs/heads/${pull.base}`)) ?? null;
    branch = pull.head;
    const repo = { id: 1, name: forge.name, url: `${forge.url}${forge.repoPath}` };
    pulls.push({
      id: pull.id,
      number: pull.number,
      url: `${forge.url}${forge.repoPath}/pulls/${pull.number}`,
      head: { ref: pull.head, sha: head ?? null, repo },
      base: { ref: pull.base, sha: base, repo },
    });
  }
  const suite = objectAt(run, "check_suite");
  run.app = app;
  run.pull_requests = pulls;
  const { status, conclusion, started_at, completed_at, head_sha } = run;
  run.check_suite = {
    ...suite,
    head_branch: branch ?? forge.options.repository.defaultBranch,
    status: status ?? "queued",
    conclusion: conclusion ?? null,
    before: ZERO,
    after: head_sha ?? ZERO,
    created_at: started_at ?? null,
    updated_at: completed_at ?? started_at ?? null,
    pull_requests: pulls,
    app,
  };
  run.details_url ??= run.html_url ?? null;
  const output = objectAt(run, "output");
  output.annotations_url = `${textAt(run, "url") ?? ""}/annotations`;
}

function finishIssue(forge: Forge, issue: JsonObject): void {
  const number = numberAt(issue, "number") ?? 0;
  if (!forge.pulls.get(number) || "diff_url" in issue) return;
  const page = `${forge.url}/${forge.owner}/${forge.name}/pull/${number}`;
  issue.html_url = page;
  issue.pull_request = {
    url: `${forge.url}${forge.repoPath}/pulls/${number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: objectAt(issue, "pull_request").merged_at ?? null,
  };
}

function finishRepository(repository: JsonObject): void {
  repository.web_commit_signoff_required ??= false;
  repository.deployments_url ??= null;
  repository.custom_properties ??= {};
}

/** A GitHub App as REST and webhooks show it: ours, or that of GITHUB_TOKEN. */
export function appOf(forge: Forge, slug: string): JsonObject {
  const { app } = forge.options;
  const actions = `${slug}[bot]` === ACTIONS_BOT;
  const id = actions ? 15_368 : app.id;
  return {
    id,
    slug,
    node_id: Buffer.from(`03:App${id}`).toString("base64"),
    owner: forge.accounts.show(forge.accounts.get(forge.owner)),
    name: actions ? "GitHub Actions" : app.name,
    description: "",
    external_url: forge.url,
    html_url: `${forge.url}/apps/${slug}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: { ...app.permissions },
    events: ["check_run", "issue_comment", "issues", "pull_request", "push", "workflow_job", "workflow_run"],
  };
}
