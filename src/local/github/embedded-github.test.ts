import { expect, test } from "vitest";
import { commitFile, repo, startFixture } from "./fixture.ts";

test("keeps an issue, its labels and comments, and opens a draft pull request with the real head", async () => {
  await using fixture = await startFixture();
  const { ada, app, first } = fixture;
  const issue = await ada.rest.issues.create({ ...repo, title: "Fix it", body: "please", labels: ["bug"] });
  await app.rest.issues.createComment({ ...repo, issue_number: issue.data.number, body: "on it" });
  const head = await commitFile(app, {
    branch: "harness/issue-1",
    path: "b.ts",
    content: "b\n",
    parent: first,
  });
  const pull = await app.rest.pulls.create({
    ...repo,
    title: "t",
    head: "harness/issue-1",
    base: "main",
    draft: true,
  });
  expect(pull.data).toMatchObject({ number: 2, draft: true, state: "open", commits: 1, changed_files: 1 });
  expect(pull.data.head.sha).toBe(head);
  expect(pull.data.base.sha).toBe(first);
  expect(pull.data.user.login).toBe("agent-harness[bot]");
  const comments = await ada.rest.issues.listComments({ ...repo, issue_number: 1 });
  expect(comments.data[0]?.user).toMatchObject({ login: "agent-harness[bot]", type: "Bot" });
  expect(comments.data[0]?.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

const failure = (status: number, text: RegExp) =>
  expect.objectContaining({ status, message: expect.stringMatching(text) });

test("refuses a pull request without branch, without commits, or where one is open", async () => {
  await using fixture = await startFixture();
  const { app, first } = fixture;
  const open = (head: string) => app.rest.pulls.create({ ...repo, head, base: "main", title: "t" });
  await expect(open("nope")).rejects.toEqual(failure(422, /Validation Failed.*"field":"head"/));
  await app.rest.git.createRef({ ...repo, ref: "refs/heads/same", sha: first });
  await expect(open("same")).rejects.toEqual(failure(422, /No commits between main and same/));
  await commitFile(app, { branch: "topic", path: "b", content: "b", parent: first });
  const racing = await Promise.allSettled([open("topic"), open("ada:topic"), open("topic")]);
  expect(racing.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const loser = racing.find((one) => one.status === "rejected");
  expect(loser?.reason).toEqual(failure(422, /A pull request already exists for ada:topic/));
  const listed = await app.rest.pulls.list({ ...repo, head: "ada:topic", state: "open" });
  expect(listed.data.map(({ number }) => number)).toEqual([1]);
});

test("refuses drafts with 422 where they are not supported", async () => {
  await using fixture = await startFixture({ draftsSupported: false });
  const { app, first } = fixture;
  await commitFile(app, { branch: "topic", path: "b", content: "b", parent: first });
  const pull = { ...repo, head: "topic", base: "main", title: "t" };
  await expect(app.rest.pulls.create({ ...pull, draft: true })).rejects.toEqual(
    failure(422, /Draft pull requests are not supported/),
  );
  expect((await app.rest.pulls.create(pull)).data.draft).toBe(false);
});

test("treats a pull request as an issue: read, label, edit, list, react, comment", async () => {
  await using fixture = await startFixture();
  const { app, ada, first, github, received } = fixture;
  await ada.rest.issues.create({ ...repo, title: "i", labels: ["x"] });
  await commitFile(app, { branch: "topic", path: "b", content: "b", parent: first });
  await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "t" });
  const issue_number = 2;
  await app.rest.issues.addLabels({ ...repo, issue_number, labels: ["agent:unverified"] });
  await app.rest.issues.createComment({ ...repo, issue_number, body: "c" });
  await ada.rest.issues.update({ ...repo, issue_number, title: "renamed" });
  const shown = (await ada.rest.issues.get({ ...repo, issue_number })).data;
  expect(shown).toMatchObject({
    number: 2,
    title: "renamed",
    comments: 1,
    labels: [{ name: "agent:unverified", color: "ededed" }],
  });
  expect(shown.pull_request?.url).toBe(`${github.url}/repos/ada/demo/pulls/2`);
  const numbers = async (labels?: string) =>
    (await ada.rest.issues.listForRepo({ ...repo, ...(labels ? { labels } : {}) })).data.map(
      ({ number }) => number,
    );
  expect([await numbers(), await numbers("agent:unverified"), await numbers("x")]).toEqual([
    [2, 1],
    [2],
    [1],
  ]);
  const reaction = { ...repo, issue_number, content: "eyes" as const };
  const statuses = [
    await app.rest.reactions.createForIssue(reaction),
    await app.rest.reactions.createForIssue(reaction),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([201, 200]);
  expect((await ada.rest.issues.listCommentsForRepo(repo)).data.map(({ body }) => body)).toEqual(["c"]);
  await app.rest.issues.removeLabel({ ...repo, issue_number, name: "agent:unverified" });
  await github.idle();
  const events = received
    .filter(({ payload }) => payload.number === 2)
    .map(({ event, payload }) => `${event}.${payload.action}`);
  expect(events.sort()).toEqual([
    "pull_request.edited",
    "pull_request.labeled",
    "pull_request.opened",
    "pull_request.unlabeled",
  ]);
});

test("keeps check runs apart by App, and shows statuses with their latest state", async () => {
  await using fixture = await startFixture();
  const { app, first } = fixture;
  const job = fixture.job({ checks: "write", statuses: "write" });
  const made = await app.rest.checks.create({ ...repo, head_sha: first, name: "agent-harness" });
  await job.rest.checks.create({ ...repo, head_sha: first, name: "agent-harness", conclusion: "failure" });
  const update = { ...repo, check_run_id: made.data.id, conclusion: "success" as const };
  await expect(job.rest.checks.update(update)).rejects.toMatchObject({ status: 403 });
  expect((await app.rest.checks.update(update)).data).toMatchObject({
    status: "completed",
    conclusion: "success",
  });
  const list = await app.rest.checks.listForRef({ ...repo, ref: "main", filter: "all" });
  expect(list.data.check_runs.map(({ app: by }) => by?.slug).sort()).toEqual([
    "agent-harness",
    "github-actions",
  ]);
  await app.rest.checks.create({ ...repo, head_sha: first, name: "agent-harness", status: "in_progress" });
  const latest = await app.rest.checks.listForRef({ ...repo, ref: "main", app_id: 7001 });
  expect(latest.data.check_runs.map(({ status }) => status)).toEqual(["in_progress"]);
  const gone = { ...repo, head_sha: "0123456789012345678901234567890123456789", name: "x" };
  await expect(app.rest.checks.create(gone)).rejects.toMatchObject({ status: 422 });
  await job.rest.repos.createCommitStatus({ ...repo, sha: first, state: "pending", context: "c" });
  await job.rest.repos.createCommitStatus({ ...repo, sha: first, state: "success", context: "c" });
  const combined = await fixture.ada.rest.repos.getCombinedStatusForRef({ ...repo, ref: "main" });
  expect(combined.data).toMatchObject({ state: "success", total_count: 1 });
});

test("puts a test's faults in the place of answers and counts every request", async () => {
  await using fixture = await startFixture({
    faults: ({ method, path, auth }) => {
      if (auth.kind !== "installation") return undefined;
      if (path === "/repos/ada/demo/issues")
        return {
          status: 403,
          body: { message: "You have exceeded a secondary rate limit" },
          headers: { "retry-after": "1" },
        };
      return method === "DELETE" ? { cut: true } : undefined;
    },
  });
  const { app, ada, github } = fixture;
  await expect(app.rest.issues.create({ ...repo, title: "x" })).rejects.toEqual(
    failure(403, /secondary rate limit/),
  );
  await expect(app.rest.git.deleteRef({ ...repo, ref: "heads/main" })).rejects.toMatchObject({ status: 500 });
  await ada.rest.issues.create({ ...repo, title: "x" });
  const last = github
    .requests()
    .slice(-3)
    .map(({ method, status, actor }) => `${method} ${status} ${actor}`);
  expect(last).toEqual(["POST 403 agent-harness[bot]", "DELETE 0 agent-harness[bot]", "POST 201 ada"]);
  const unknown = ada.request("GET /repos/{owner}/{repo}/rulesets", repo);
  await expect(unknown).rejects.toEqual(failure(501, /does not serve GET .*rulesets/));
});
