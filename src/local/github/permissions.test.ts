import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { expect, test } from "vitest";
import { startEmbeddedGitHub } from "./embedded-github.ts";
import {
  appToken,
  commitFile,
  type Fixture,
  git,
  octokit,
  optionsFor,
  repo,
  startFixture,
} from "./fixture.ts";

const READY =
  "mutation($id:ID!){markPullRequestReadyForReview(input:{pullRequestId:$id}){pullRequest{isDraft}}}";

/** One call of each kind that a role may or may not make; each works as often as it is called. */
async function attempts(fixture: Fixture): Promise<Record<string, (client: Octokit) => Promise<unknown>>> {
  const { app, first } = fixture;
  const issue = await app.rest.issues.create({ ...repo, title: "i" });
  await commitFile(app, { branch: "topic", path: "t", content: "t", parent: first });
  const pull = (
    await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "p", draft: true })
  ).data;
  const issue_number = issue.data.number;
  let count = 0;
  return {
    readContents: (client) => client.rest.repos.getContent({ ...repo, path: "README.md" }),
    readIssue: (client) => client.rest.issues.get({ ...repo, issue_number }),
    commentIssue: (client) => client.rest.issues.createComment({ ...repo, issue_number, body: "c" }),
    commentPull: (client) =>
      client.rest.issues.createComment({ ...repo, issue_number: pull.number, body: "c" }),
    label: (client) => client.rest.issues.addLabels({ ...repo, issue_number, labels: ["x"] }),
    writeRef: async (client) => {
      count += 1;
      await client.rest.git.createRef({ ...repo, ref: `refs/heads/r${count}`, sha: first });
    },
    writeBlob: (client) => client.rest.git.createBlob({ ...repo, content: "x" }),
    editPull: (client) => client.rest.pulls.update({ ...repo, pull_number: pull.number, title: "q" }),
    check: (client) => client.rest.checks.create({ ...repo, head_sha: first, name: "c" }),
    dispatch: (client) =>
      client.rest.actions.createWorkflowDispatch({ ...repo, workflow_id: "no.yml", ref: "main" }),
    ready: async (client) => {
      await app.graphql(READY.replace("markPullRequestReadyForReview", "convertPullRequestToDraft"), {
        id: pull.node_id,
      });
      await client.graphql(READY, { id: pull.node_id });
    },
    graphqlContents: (client) =>
      client.graphql('{repository(owner:"ada",name:"demo"){object(expression:"main:README.md"){oid}}}'),
  };
}

/** Status of each attempt, or `ok`. A dispatch of a file that is not there is 404 to who may dispatch. */
async function outcome(tries: Awaited<ReturnType<typeof attempts>>, client: Octokit): Promise<string> {
  const refused: string[] = [];
  for (const [name, run] of Object.entries(tries)) {
    try {
      await run(client);
    } catch (error) {
      const { status, errors } = error as { status?: number; errors?: { type: string }[] };
      if (name === "dispatch" && status === 404) continue;
      refused.push(`${name} ${errors?.[0]?.type ?? status}`);
    }
  }
  return refused.join(", ");
}

test("lets every job of the workflow do what the design's table gives it, and no more", async () => {
  await using fixture = await startFixture();
  const tries = await attempts(fixture);
  const reader =
    "commentIssue 403, commentPull 403, label 403, writeRef 403, writeBlob 403, editPull 403, check 403, dispatch 403, ready FORBIDDEN";
  const results = {
    admit: await outcome(tries, fixture.job({ contents: "read", issues: "read" })),
    session: await outcome(tries, fixture.job({ contents: "read" })),
    settle: await outcome(
      tries,
      fixture.job({
        contents: "write",
        issues: "write",
        "pull-requests": "write",
        checks: "write",
        actions: "write",
      }),
    ),
    app: await outcome(tries, fixture.app),
    nothing: await outcome(tries, fixture.job({})),
  };
  expect(results).toEqual({
    admit: reader,
    session: `readIssue 403, ${reader}`,
    settle: "",
    app: "",
    nothing: `readContents 403, readIssue 403, ${reader}, graphqlContents FORBIDDEN`,
  });
});

test("accepts either permission for a comment on a pull request and needs both for ready", async () => {
  await using fixture = await startFixture();
  const tries = await attempts(fixture);
  const pulls = await outcome(tries, fixture.job({ "pull-requests": "write" }));
  expect(pulls).toContain("commentIssue 403, label 403");
  expect(pulls).not.toContain("commentPull");
  expect(pulls).toContain("ready FORBIDDEN");
  const issues = await outcome(tries, fixture.job({ issues: "write" }));
  expect(issues).not.toMatch(/comment|label/);
  expect(issues).toContain("editPull 403");
});

test("gives users what their role on the repository gives them", async () => {
  await using fixture = await startFixture();
  const { github } = fixture;
  const tries = await attempts(fixture);
  const of = (login: string) => outcome(tries, octokit(github, github.userToken(login)));
  const writes = "writeRef 403, writeBlob 403, editPull 403, check 403, dispatch 403, ready FORBIDDEN";
  expect(await of("ada")).toBe("check 403");
  expect(await of("bob")).toBe("check 403");
  expect(await of("tia")).toBe(writes.replace("editPull 403, ", ""));
  expect(await of("rex")).toBe(`label 403, ${writes}`);
  expect(await of("nil")).toContain("readContents 404, readIssue 404");
});

test("refuses unknown, revoked and expired tokens with Bad credentials", async () => {
  await using fixture = await startFixture();
  const { github } = fixture;
  const bad = expect.objectContaining({ status: 401, message: expect.stringMatching(/^Bad credentials/) });
  await expect(octokit(github, "ghp_nonsense").rest.repos.get(repo)).rejects.toEqual(bad);
  const token = github.mintJobToken({ runId: 1, job: "j", permissions: { contents: "read" } });
  await octokit(github, token).rest.repos.getContent({ ...repo, path: "README.md" });
  github.revokeToken(token);
  await expect(octokit(github, token).rest.repos.get(repo)).rejects.toEqual(bad);
  await expect(octokit(github).rest.repos.get(repo)).rejects.toMatchObject({ status: 401 });
  const dir = join(fixture.folder, "old");
  await mkdir(dir);
  const old = (name: string, expiresAt: number) =>
    JSON.stringify({
      kind: "token",
      at: 1,
      token: name,
      login: "agent-harness[bot]",
      permissions: {},
      expiresAt,
    });
  const journal = `${old("ghs_old", Date.now() - 1)}\n${old("ghs_new", Date.now() + 60_000)}\n`;
  await writeFile(join(dir, "journal.jsonl"), journal);
  await using later = await startEmbeddedGitHub(optionsFor(dir));
  expect((await octokit(later, "ghs_new").rest.repos.get(repo)).status).toBe(200);
  await expect(octokit(later, "ghs_old").rest.repos.get(repo)).rejects.toEqual(bad);
  await expect(git(fixture.folder, "clone", fixture.remote(token), "x")).rejects.toThrow(
    /Authentication failed/,
  );
});

test("gives an installation token for an hour, with fewer permissions if asked, never more", async () => {
  await using fixture = await startFixture();
  const { github } = fixture;
  const jwt = await appToken(github, "app");
  const client = octokit(github, jwt);
  const token = await client.rest.apps.createInstallationAccessToken({
    installation_id: 90001,
    permissions: { contents: "read" },
  });
  const minutes = (Date.parse(token.data.expires_at) - Date.now()) / 60_000;
  expect([minutes > 58, minutes <= 60]).toEqual([true, true]);
  const small = octokit(github, token.data.token);
  await small.rest.repos.getContent({ ...repo, path: "README.md" });
  await expect(small.rest.git.createBlob({ ...repo, content: "x" })).rejects.toMatchObject({ status: 403 });
  const more = { installation_id: 90001, permissions: { workflows: "write" as const } };
  await expect(client.rest.apps.createInstallationAccessToken(more)).rejects.toMatchObject({ status: 422 });
  await expect(client.rest.repos.get(repo)).rejects.toMatchObject({ status: 403 });
  expect((await client.rest.apps.getRepoInstallation(repo)).data.id).toBe(90001);
  await using other = await startEmbeddedGitHub({
    ...optionsFor(join(fixture.folder, "other")),
    app: { ...optionsFor("").app, id: 9 },
  });
  await expect(appToken(other, "installation")).rejects.toMatchObject({ status: 401 });
});

test("tells a user's permission, and read for who was given nothing", async () => {
  await using fixture = await startFixture();
  const level = async (username: string) => {
    const { data } = await fixture.app.rest.repos.getCollaboratorPermissionLevel({ ...repo, username });
    return `${data.permission}/${data.role_name}`;
  };
  const found = await Promise.all(["ada", "bob", "tia", "rex", "nil"].map(level));
  expect(found).toEqual(["admin/admin", "write/write", "read/triage", "read/read", "none/none"]);
  await expect(level("nobody")).rejects.toMatchObject({ status: 404 });
});

test("lets git read and push by the token's scope", async () => {
  await using fixture = await startFixture();
  const { github, folder } = fixture;
  const clone = join(folder, "clone");
  const scoped = (contents: "read" | "write") =>
    github.mintJobToken({ runId: 1, job: "j", permissions: { contents } });
  await git(folder, "clone", "--quiet", "--depth=1", fixture.remote(scoped("read")), clone);
  await git(clone, "commit", "--quiet", "--allow-empty", "-m", "x");
  await expect(git(clone, "push", "origin", "HEAD:refs/heads/y")).rejects.toThrow(/403/);
  await git(clone, "push", "--quiet", fixture.remote(scoped("write")), "HEAD:refs/harness/y");
  const noContents = fixture.remote(
    github.mintJobToken({ runId: 1, job: "j", permissions: { issues: "write" } }),
  );
  await expect(git(clone, "fetch", noContents)).rejects.toThrow(/403/);
  await expect(git(clone, "fetch", `${github.url}/ada/demo.git`)).rejects.toThrow(
    /could not read Username|Authentication/,
  );
  await expect(git(clone, "push", fixture.remote(scoped("write")), "HEAD:refs/pull/1/head")).rejects.toThrow(
    /hidden|deny/,
  );
});
