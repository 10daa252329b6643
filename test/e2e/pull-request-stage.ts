// A repository with a bug, its issue, and the workflow of docs/verify-action.md, on the embedded GitHub with the embedded
// Actions: what a pull request, whoever wrote it, sets going.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Octokit } from "@octokit/rest";
import { execa } from "execa";
import {
  type EmbeddedActionsService,
  startEmbeddedActions,
} from "../../src/local/actions/embedded-actions.ts";
import { startEmbeddedGitHub } from "../../src/local/github/embedded-github.ts";
import { optionsFor, repo } from "../../src/local/github/fixture.ts";
import type { EmbeddedGitHub } from "../../src/local/github/options.ts";
import { shownWorkflow } from "../docs/markdown.ts";
import { root, temporaryFolder } from "./fixture.ts";
import { files, issue } from "./pull-request-story.ts";

export const workflow = shownWorkflow(readFileSync(join(root, "docs", "verify-action.md"), "utf8"));

export interface PullRequest {
  readonly body: string;
  readonly changes: Readonly<Record<string, string>>;
}

export interface Answer {
  /** All check runs of the verifier on the head, the newest first. */
  readonly checks: readonly { conclusion: string | null; status: string; title: string; summary: string }[];
  readonly job: string | null | undefined;
  readonly summary: string;
  readonly log: string;
  readonly number: number;
}

export interface StageOptions {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly modelUrl?: string;
  readonly workflow?: string;
  /** False: the action runs where no sandbox can be made. */
  readonly hasNamespaces?: boolean;
  /** On the base branch, beside the repository's own files. */
  readonly more?: Readonly<Record<string, string>>;
}

interface Services extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly actions: EmbeddedActionsService;
  readonly folder: string;
}

async function startServices(options: StageOptions): Promise<Services> {
  await using starting = new AsyncDisposableStack();
  const folder = starting.use(temporaryFolder()).path;
  const settings = { ...optionsFor(join(folder, "github")), pullRequestRuns: true };
  const github = starting.use(await startEmbeddedGitHub(settings));
  const actions = await startEmbeddedActions({
    dir: join(folder, "actions"),
    repository: `${repo.owner}/${repo.repo}`,
    serverUrl: github.url,
    secrets: options.secrets ?? {},
    vars: options.modelUrl === undefined ? {} : { ANTHROPIC_BASE_URL: options.modelUrl },
    localActions: { "agent-harness/agent-harness": root },
    nodePath: options.hasNamespaces === false ? nodeWithoutNamespaces(folder) : process.execPath,
    // biome-ignore lint/style/noProcessEnv: steps get PATH from it
    environment: process.env,
    mintToken: (job) => github.mintJobToken(job),
    revokeToken: (token) => github.revokeToken(token),
  });
  starting.use(actions);
  github.connectActions(actions);
  const started = starting.move();
  return { github, actions, folder, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** Waits for what was set going on `head`, and reads what people see of it. */
async function readAnswer(
  { github, actions }: Services,
  person: Octokit,
  { number, head }: { number: number; head: string },
): Promise<Answer> {
  await github.idle();
  await actions.idle();
  await github.idle();
  const { data } = await person.rest.checks.listForRef({ ...repo, ref: head, filter: "all" });
  const run = actions.runs().findLast(({ head_sha }) => head_sha === head);
  const job = run && actions.jobs(run.id)[0];
  const checks = data.check_runs
    .filter(({ name }) => name === "agent-harness/verifier")
    .map(({ conclusion, status, output: { title, summary } }) => ({
      conclusion,
      status,
      title: title ?? "",
      summary: summary ?? "",
    }));
  const [summary, log] = job ? [actions.summary(job.id), actions.log(job.id)] : ["", ""];
  return { checks, job: job?.conclusion, summary, log, number };
}

/** Issue #1 is there; pull requests get the numbers after it. */
export async function startPullRequestStage(options: StageOptions = {}) {
  const services = await startServices(options);
  const { github, actions, folder } = services;
  const token = github.userToken("bob");
  const person = new Octokit({ auth: token, baseUrl: `${github.url}/api/v3` });
  const remote = `${github.url.replace("://", `://x:${token}@`)}/${repo.owner}/${repo.repo}.git`;
  const clone = await openClone(join(folder, "clone"), remote);
  const shown = { ".github/workflows/verify.yml": options.workflow ?? workflow };
  await clone.commit("start", { ...files, ...options.more, ...shown });
  await clone.git("push", "--quiet", "origin", "main");
  await person.rest.issues.create({ ...repo, ...issue });
  return {
    /** Pushes a branch from `main`, opens the pull request, and waits for what follows. */
    async open({ body, changes }: PullRequest): Promise<Answer> {
      const branch = `change-${actions.runs().length + 1}`;
      await clone.git("checkout", "--quiet", "-b", branch, "main");
      // By its message a commit of its own: GitHub keeps check runs by commit.
      const head = await clone.commit(branch, changes);
      await clone.git("push", "--quiet", "origin", branch);
      const pull = { ...repo, title: "a change", body, head: branch, base: "main" };
      const { data } = await person.rest.pulls.create(pull);
      return readAnswer(services, person, { number: data.number, head });
    },
    /** A new description, and what follows. */
    async describe({ number }: Answer, body: string): Promise<Answer> {
      const { data } = await person.rest.pulls.update({ ...repo, pull_number: number, body });
      return readAnswer(services, person, { number, head: data.head.sha });
    },
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  };
}

/** A Node that may make no user namespaces, as on a runner whose AppArmor keeps them from bwrap. */
function nodeWithoutNamespaces(folder: string): string {
  const path = join(folder, "node");
  const words = [
    "/usr/bin/bwrap",
    "--dev-bind / /",
    "--unshare-user",
    "--disable-userns",
    "--",
    process.execPath,
  ];
  writeFileSync(path, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o755 });
  return path;
}

async function openClone(path: string, remote: string) {
  const git = async (...words: string[]) => {
    const identity = ["-c", "user.name=Bob", "-c", "user.email=bob@localhost", "-c", "commit.gpgsign=false"];
    return (await execa("git", [...identity, ...words], { cwd: path })).stdout;
  };
  mkdirSync(path);
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", remote);
  return {
    git,
    async commit(message: string, changes: Readonly<Record<string, string>>): Promise<string> {
      for (const [name, text] of Object.entries(changes)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
      await git("add", "--all", "--force");
      await git("commit", "--quiet", "--allow-empty", `--message=${message}`);
      return git("rev-parse", "HEAD");
    },
  };
}
