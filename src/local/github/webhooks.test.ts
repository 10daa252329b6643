import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import examples from "@octokit/webhooks-examples";
import { createNodeMiddleware, createProbot, type Probot, ProbotOctokit } from "probot";
import { expect, test } from "vitest";
import { fakeActions } from "./fake-actions.ts";
import { commitFile, type Fixture, git, optionsFor, privateKey, repo, startFixture } from "./fixture.ts";
import { isObject, type JsonObject, listAt, textAt, toJson } from "./json.ts";

/** Makes every event that the App subscribes to happen at least once. */
async function live(fixture: Fixture): Promise<void> {
  const { ada, app, first, github } = fixture;
  await ada.rest.issues.createLabel({ ...repo, name: "agent:harness", color: "ededed", description: "d" });
  await ada.rest.issues.create({ ...repo, title: "one", body: "b" });
  await ada.rest.issues.addLabels({ ...repo, issue_number: 1, labels: ["agent:harness"] });
  await ada.rest.issues.update({ ...repo, issue_number: 1, title: "two", body: "c" });
  await ada.rest.issues.createComment({ ...repo, issue_number: 1, body: "hi" });
  const head = await commitFile(app, { branch: "topic", path: "b.ts", content: "b", parent: first });
  const pull = await app.rest.pulls.create({
    ...repo,
    head: "topic",
    base: "main",
    title: "p",
    body: "x",
    draft: true,
  });
  await ada.rest.issues.addLabels({ ...repo, issue_number: 2, labels: ["agent:harness"] });
  await ada.rest.issues.createComment({ ...repo, issue_number: 2, body: "/continue" });
  const tree = (await app.rest.git.getCommit({ ...repo, commit_sha: head })).data.tree.sha;
  const next = await app.rest.git.createCommit({ ...repo, tree, message: "more", parents: [head] });
  await app.rest.git.updateRef({ ...repo, ref: "heads/topic", sha: next.data.sha });
  const change = (name: string) =>
    app.graphql(`mutation($id:ID!){${name}(input:{pullRequestId:$id}){clientMutationId}}`, {
      id: pull.data.node_id,
    });
  await change("markPullRequestReadyForReview");
  await change("convertPullRequestToDraft");
  const output = { title: "t", summary: "s" };
  const check = await app.rest.checks.create({
    ...repo,
    head_sha: next.data.sha,
    name: "c",
    status: "in_progress",
    output,
  });
  await app.rest.checks.update({ ...repo, check_run_id: check.data.id, conclusion: "success" });
  const content = Buffer.from("on: workflow_dispatch\n").toString("base64");
  await ada.rest.repos.createOrUpdateFileContents({
    ...repo,
    path: ".github/workflows/w.yml",
    message: "w",
    content,
  });
  const actions = fakeActions();
  github.connectActions(actions);
  await app.rest.actions.createWorkflowDispatch({ ...repo, workflow_id: "w.yml", ref: "main" });
  actions.finish(1);
  await ada.rest.pulls.update({ ...repo, pull_number: 2, title: "q" });
  await ada.rest.pulls.update({ ...repo, pull_number: 2, state: "closed" });
  await github.idle();
}

/** `a.b[].c` to JSON types, over all examples: a path may have several. */
function shape(value: unknown, path = "", found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (path !== "") found.set(path, (found.get(path) ?? new Set()).add(type));
  if (Array.isArray(value)) for (const item of value) shape(item, `${path}[]`, found);
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value))
      shape(inner, path === "" ? key : `${path}.${key}`, found);
  return found;
}

/**
 * What GitHub's examples have and our payloads leave out, or leave null, on purpose: organisations, assignees,
 * milestones, licences and test merges do not exist here, our App has fewer permissions; `issue.draft` is sent for pull requests alone.
 */
const OMITTED =
  /(^|\.)(organization|enterprise|assignee|assignees|milestone|merge_commit_sha|language|license|permissions)(\.|\[|$)|repository\.description$|^issue\.draft$/;

test("sends payloads with every field that GitHub's examples have, of the same type", async () => {
  await using fixture = await startFixture();
  await live(fixture);
  const wanted = [
    "issues.opened",
    "issues.labeled",
    "issues.edited",
    "issue_comment.created",
    "push.",
    "pull_request.opened",
    "pull_request.labeled",
    "pull_request.synchronize",
    "pull_request.ready_for_review",
    "pull_request.converted_to_draft",
    "pull_request.closed",
    "workflow_run.requested",
    "workflow_run.completed",
    "workflow_job.completed",
    "check_run.created",
    "check_run.completed",
  ];
  const problems: string[] = [];
  for (const name of wanted) {
    const [event = "", action] = name.split(".");
    const ours = fixture.received.filter(
      ({ event: one, payload }) => one === event && (payload.action ?? "") === action,
    );
    if (ours.length === 0) problems.push(`${name} was not sent`);
    const catalogue = listAt({ all: toJson(examples) }, "all");
    const entry = catalogue.find((one) => textAt(one, "name") === event);
    const theirs = listAt(entry, "examples").filter((one) => (textAt(one, "action") ?? "") === action);
    if (theirs.length === 0) problems.push(`GitHub has no example of ${name}`);
    // A path counts when all of GitHub's examples have it.
    const shapes = theirs.map((one) => shape(one));
    for (const [path] of shapes[0] ?? []) {
      const types = new Set(shapes.flatMap((one) => [...(one.get(path) ?? [])]));
      if (OMITTED.test(path) || !shapes.every((one) => one.has(path))) continue;
      for (const { payload } of ours) {
        const parent = path.replace(/(\.[^.]+|\[\])$/, "");
        const mine = shape(payload);
        const empty = path.includes("[]") && !mine.has(path.slice(0, path.indexOf("[]") + 2));
        const parentNull = [...(mine.get(parent) ?? [])].every((type) => type === "null") && mine.has(parent);
        if (empty || parentNull) continue;
        const type = [...(mine.get(path) ?? ["missing"])];
        if (!type.some((one) => types.has(one) || (types.has("null") && one !== "missing")))
          problems.push(`${name} ${path}: ${type} for ${[...types]}`);
      }
    }
  }
  expect([...new Set(problems)]).toEqual([]);
});

const payloads = (fixture: Fixture, event: string, action?: string): JsonObject[] =>
  fixture.received
    .filter((one) => one.event === event && one.payload.action === action)
    .map(({ payload }) => payload);

test("signs every delivery, gives it an id, and says who did it, where and for which installation", async () => {
  await using fixture = await startFixture();
  await live(fixture);
  expect(fixture.received.length).toBeGreaterThan(15);
  expect(fixture.received.filter(({ signed }) => !signed)).toEqual([]);
  expect(new Set(fixture.received.map(({ id }) => id)).size).toBe(fixture.received.length);
  for (const { payload } of fixture.received)
    expect(payload).toMatchObject({
      sender: { login: expect.any(String) },
      repository: { full_name: "ada/demo" },
      installation: { id: 90001 },
    });
  const [labeled] = payloads(fixture, "issues", "labeled");
  expect(labeled).toMatchObject({
    sender: { login: "ada", type: "User" },
    label: { name: "agent:harness", color: "ededed", description: "d", default: false },
  });
  const comments = payloads(fixture, "issue_comment", "created").map(
    ({ issue }) => isObject(issue) && "pull_request" in issue,
  );
  expect(comments.sort()).toEqual([false, true]);
  expect(payloads(fixture, "issues", "edited")[0]).toMatchObject({
    changes: { title: { from: "one" }, body: { from: "b" } },
  });
  expect(payloads(fixture, "workflow_run", "completed")[0]).toMatchObject({
    workflow_run: { conclusion: "success", head_branch: "main" },
  });
});

test("pushes by git arrive as a push with commits, and as synchronize on the pull request", async () => {
  await using fixture = await startFixture();
  const { app, first, github, folder, received } = fixture;
  const head = await commitFile(app, { branch: "topic", path: "b.ts", content: "b", parent: first });
  await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "p" });
  await github.idle();
  (received as unknown[]).length = 0;
  await git(folder, "clone", "--quiet", "--branch=topic", fixture.remote(github.userToken("bob")), "clone");
  const clone = `${folder}/clone`;
  await git(clone, "mv", "b.ts", "c.ts");
  await git(clone, "commit", "--quiet", "-m", "move");
  await git(clone, "push", "--quiet", "origin", "topic");
  await github.idle();
  const after = await git(clone, "rev-parse", "HEAD");
  expect(payloads(fixture, "push")).toMatchObject([
    {
      ref: "refs/heads/topic",
      before: head,
      after,
      pusher: { name: "bob" },
      sender: { login: "bob" },
      commits: [{ id: after, added: ["c.ts"], removed: ["b.ts"] }],
    },
  ]);
  expect(payloads(fixture, "pull_request", "synchronize")).toMatchObject([
    { number: 1, before: head, after, pull_request: { head: { sha: after } } },
  ]);
});

test("keeps events while paused, and sends one again under its own id", async () => {
  await using fixture = await startFixture();
  const { ada, github, received } = fixture;
  github.pauseWebhooks();
  await ada.rest.issues.create({ ...repo, title: "one" });
  await github.idle();
  expect(received).toEqual([]);
  github.resumeWebhooks();
  await github.idle();
  expect(received.map(({ event }) => event)).toEqual(["issues"]);
  const id = received[0]?.id ?? "";
  await github.redeliver(id);
  expect(received.map((one) => one.id)).toEqual([id, id]);
  expect(
    github
      .deliveries()
      .slice(-2)
      .map(({ status, redelivery }) => [status, redelivery]),
  ).toEqual([
    [200, false],
    [200, true],
  ]);
  await expect(github.redeliver("nope")).rejects.toThrow(/Expected the id of a delivery/);
});

test("works with Probot: signed webhook in, installation token and comment out", async () => {
  const seen: string[] = [];
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = (_, response) =>
    response.writeHead(503).end();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const base = optionsFor("");
  await using fixture = await startFixture({
    app: { ...base.app, webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks` },
  });
  const host = fixture.github.url.replace("http://", "");
  const probot = createProbot({
    overrides: {
      Octokit: ProbotOctokit.defaults((options: object) => ({
        ...options,
        throttle: { enabled: false },
        retry: { enabled: false },
      })),
    },
    env: {
      APP_ID: "7001",
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: "shh",
      GHE_HOST: host,
      GHE_PROTOCOL: "http",
      LOG_LEVEL: "fatal",
    },
  });
  const application = (app: Probot) => {
    app.on("issues.labeled", async (context) => {
      seen.push(context.payload.label?.name ?? "");
      await context.octokit.rest.issues.createComment(context.issue({ body: "seen" }));
    });
  };
  handle = await createNodeMiddleware(application, { probot, webhooksPath: "/api/github/webhooks" });
  await fixture.ada.rest.issues.create({ ...repo, title: "x", labels: ["agent:harness"] });
  await fixture.github.idle();
  server.closeAllConnections();
  server.close();
  const comments = await fixture.ada.rest.issues.listComments({ ...repo, issue_number: 1 });
  expect(seen).toEqual(["agent:harness"]);
  expect(comments.data.map(({ user }) => user?.login)).toEqual(["agent-harness[bot]"]);
  const issues = fixture.github.deliveries().filter(({ event }) => event === "issues");
  expect(issues.map(({ status }) => status)).toEqual([200, 200]);
});
