import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmbeddedGitHub } from "./embedded-github.ts";
import { git, octokit, optionsFor, repo, startFixture, temporaryFolder } from "./fixture.ts";
import type { EmbeddedGitHub, EmbeddedGitHubOptions } from "./options.ts";

/** Everything a client can see that a restart must keep. Addresses change with the port. */
async function visible(github: EmbeddedGitHub): Promise<unknown> {
  const ada = octokit(github, github.userToken("ada"));
  const seen = {
    repository: (await ada.rest.repos.get(repo)).data,
    all: (await ada.rest.issues.listForRepo({ ...repo, state: "all" })).data,
    events: (await ada.rest.issues.listEvents({ ...repo, issue_number: 1 })).data,
    comments: (await ada.rest.issues.listCommentsForRepo(repo)).data,
    labels: (await ada.rest.issues.listLabelsForRepo(repo)).data,
    pulls: (await ada.rest.pulls.list({ ...repo, state: "all" })).data,
    checks: (await ada.rest.checks.listForRef({ ...repo, ref: "main" })).data,
    reactions: (await ada.rest.reactions.listForIssue({ ...repo, issue_number: 1 })).data,
    statuses: (await ada.rest.repos.listCommitStatusesForRef({ ...repo, ref: "main" })).data,
    refs: (await ada.rest.git.listMatchingRefs({ ...repo, ref: "heads/" })).data,
    commit: (await ada.rest.repos.getCommit({ ...repo, ref: "main" })).data,
  };
  return JSON.parse(JSON.stringify(seen).replaceAll(github.url.slice("http://".length), "embedded"));
}

const CHILD = `
import { setTimeout as wait } from "node:timers/promises";
const { startEmbeddedGitHub } = await import(process.argv[1]);
const { octokit, repo, commitFile } = await import(process.argv[2]);
const options = JSON.parse(process.argv[3]);
const github = await startEmbeddedGitHub(options);
const ada = octokit(github, github.userToken("ada"));
const app = octokit(github, github.mintJobToken({ runId: 1, job: "j", permissions: { contents: "write", issues: "write", "pull-requests": "write", checks: "write", statuses: "write" } }));
const first = process.argv[4];
await ada.rest.issues.create({ ...repo, title: "one", body: "b", labels: ["bug", "agent:harness"] });
await wait(30);
await app.rest.issues.createComment({ ...repo, issue_number: 1, body: "hello" });
await ada.rest.issues.update({ ...repo, issue_number: 1, title: "two" });
await wait(1100);
await app.rest.reactions.createForIssue({ ...repo, issue_number: 1, content: "eyes" });
await app.rest.repos.createCommitStatus({ ...repo, sha: first, state: "success", context: "x" });
await app.rest.checks.create({ ...repo, head_sha: first, name: "c", conclusion: "success" });
await commitFile(app, { branch: "topic", path: "b.ts", content: "b", parent: first });
await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "p", draft: true });
await ada.rest.issues.update({ ...repo, issue_number: 1, state: "closed" });
await ada.rest.issues.removeLabel({ ...repo, issue_number: 1, name: "bug" });
console.log(JSON.stringify({ url: github.url, job: (await app.auth()).token }));
setInterval(() => {}, 1000);
`;

test("shows the same after a SIGKILL and a restart, tokens and times included", async () => {
  await using folder = await temporaryFolder();
  const { options, first } = await seeded(folder.path);
  const modules = ["./embedded-github.ts", "./fixture.ts"].map((path) => new URL(path, import.meta.url).href);
  const child = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    CHILD,
    "--",
    ...modules,
    JSON.stringify(options),
    first,
  ]);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8")));
    child.once("exit", (code) => reject(new Error(`the child ended with ${code}: ${stderr}`)));
  });
  const { url, job }: { url: string; job: string } = JSON.parse(line);
  await using other = await startEmbeddedGitHub({ ...options, dir: join(folder.path, "other") });
  const before = await visible({ ...other, url });
  child.removeAllListeners("exit");
  const dead = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await dead;
  appendFileSync(join(options.dir, "journal.jsonl"), '{"kind":"store","at":1,"lo');
  await using again = await startEmbeddedGitHub(options);
  expect(await visible(again)).toEqual(before);
  const worker = octokit(again, job);
  const next = await worker.rest.issues.createComment({ ...repo, issue_number: 1, body: "after" });
  expect(next.data.id).toBe(2);
  expect(
    readFileSync(join(options.dir, "journal.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .every((one) => JSON.parse(one)),
  ).toBe(true);
});

async function seeded(folder: string): Promise<{ options: EmbeddedGitHubOptions; first: string }> {
  const options = optionsFor(join(folder, "state"));
  await using github = await startEmbeddedGitHub(options);
  const work = join(folder, "work");
  await git(folder, "clone", "--quiet", github.gitDir, work);
  await git(work, "commit", "--quiet", "--allow-empty", "-m", "first");
  await git(work, "push", "--quiet", "origin", "HEAD:main");
  return { options, first: await git(work, "rev-parse", "HEAD") };
}

test("replays 500 entries and refuses a journal that is damaged in the middle", async () => {
  await using fixture = await startFixture();
  const { ada, github } = fixture;
  await ada.rest.issues.create({ ...repo, title: "long" });
  for (let index = 0; index < 500; index += 1)
    await ada.rest.issues.createComment({ ...repo, issue_number: 1, body: `comment ${index}` });
  await github[Symbol.asyncDispose]();
  const options = optionsFor(join(fixture.folder, "state"));
  await using again = await startEmbeddedGitHub(options);
  const last = await octokit(again, again.userToken("ada")).rest.issues.getComment({
    ...repo,
    comment_id: 500,
  });
  expect(last.data.body).toBe("comment 499");
  await again[Symbol.asyncDispose]();
  appendFileSync(join(options.dir, "journal.jsonl"), "broken\n");
  await expect(startEmbeddedGitHub(options)).rejects.toThrow(/Expected JSON in line/);
});
