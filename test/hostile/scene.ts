// Where the App is attacked: the embedded GitHub with people of every kind, and the real App behind its own door, over
// HTTP. Runs are dispatched and never started. One scene serves the rows of a group, each on an issue of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { createTaskSource } from "../../src/adapters/github-tasks.ts";
import { webhooksPath } from "../../src/app/app-listener.ts";
import type { LedgerEntry } from "../../src/core/ledger.ts";
import { foldTask, type Task } from "../../src/core/task.ts";
import { startEmbeddedGitHub } from "../../src/local/github/embedded-github.ts";
import { fakeActions } from "../../src/local/github/fake-actions.ts";
import type { EmbeddedGitHub } from "../../src/local/github/options.ts";
import type { EmbeddedActions } from "../../src/local/types.ts";
import type { TaskSnapshot } from "../../src/ports.ts";
import { type Admission, admit } from "../../src/shell/admit.ts";
import { readRecord } from "../../src/shell/gather.ts";
import {
  octokitOf,
  privateKey,
  type RunningApp,
  repo,
  secret,
  seedFiles,
  slug,
  startApp,
  startServer,
} from "./stage-parts.ts";

export const label = "agent:harness";
export const installation = 90_001;
const place = { owner: repo.owner, name: repo.repo, defaultBranch: "main" };

export interface TaskState {
  readonly snapshot: TaskSnapshot | undefined;
  readonly entries: readonly LedgerEntry[];
  readonly task: Task | undefined;
  /** What the App said, on the issue and on its pull request. */
  readonly said: readonly string[];
}

export interface Scene extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  /** Where the App takes webhooks. */
  readonly url: string;
  /** What went wrong inside the App. */
  readonly errors: readonly string[];
  as(login: string): Octokit;
  asApp(): Promise<Octokit>;
  /** An issue of a stranger's. */
  openIssue(request?: { readonly title?: string; readonly body?: string }): Promise<number>;
  label(issue: number, login: string): Promise<void>;
  unlabel(issue: number, login: string): Promise<void>;
  sweep(): Promise<void>;
  state(issue: number): Promise<TaskState>;
  /** Tickets of the runs of an issue. */
  tickets(issue: number): string[];
  /** The first job of the issue's last run, with that job's token. */
  admit(issue: number): Promise<Admission>;
  /** What the App has written so far. */
  writes(): string[];
}

const opened: Promise<Scene>[] = [];

/** A scene that starts when it is first asked for; `webhooks: false` for rows that deliver by hand. */
export function lazyScene(options: { readonly webhooks: boolean }): () => Promise<Scene> {
  let scene: Promise<Scene> | undefined;
  return () => {
    if (!scene) {
      scene = startScene(options);
      opened.push(scene);
    }
    return scene;
  };
}

export async function closeScenes(): Promise<void> {
  for (const scene of opened.splice(0)) await (await scene)[Symbol.asyncDispose]();
}

async function startScene({ webhooks }: { readonly webhooks: boolean }): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "hostile-"));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const server = stack.use(await startServer());
  const url = `${server.url}${webhooksPath}`;
  const github = stack.use(await startGitHub(dir, webhooks ? url : ""));
  const actions = fakeActions();
  github.connectActions(actions);
  const app = await startApp(github);
  server.answerWith(app.listener);
  await seedFiles(octokitOf(github, github.userToken("ada")));
  await github.idle();
  return {
    ...doings(github, app),
    ...views(github, actions),
    github,
    url,
    errors: app.errors,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function startGitHub(dir: string, webhookUrl: string): Promise<EmbeddedGitHub> {
  return startEmbeddedGitHub({
    dir,
    repository: place,
    users: [
      { login: "ada", permission: "admin" },
      { login: "mia", permission: "write" },
      { login: "max", permission: "write" },
      { login: "tia", permission: "triage" },
      { login: "rex", permission: "read" },
      { login: "evil[bot]", permission: "write" },
    ],
    app: {
      id: 7001,
      slug,
      name: "Agent Harness",
      privateKey,
      webhookSecret: secret,
      webhookUrl,
      permissions: {
        actions: "write",
        checks: "write",
        contents: "write",
        issues: "write",
        pull_requests: "write",
      },
      installationId: installation,
    },
  });
}

function doings(github: EmbeddedGitHub, app: RunningApp) {
  const as = (login: string) => octokitOf(github, github.userToken(login));
  return {
    as,
    asApp: () => app.client(installation),
    async openIssue({ title = "It is broken", body = "Mend it." } = {}) {
      const { data } = await as("rex").rest.issues.create({ ...repo, title, body });
      return data.number;
    },
    async label(issue: number, login: string) {
      await as(login).rest.issues.addLabels({ ...repo, issue_number: issue, labels: [label] });
      await github.idle();
    },
    async unlabel(issue: number, login: string) {
      await as(login).rest.issues.removeLabel({ ...repo, issue_number: issue, name: label });
      await github.idle();
    },
    sweep: async () => app.harness.sweep(await app.client(installation), place),
  };
}

function views(github: EmbeddedGitHub, actions: EmbeddedActions) {
  const tasksOf = (token: string, withPull: boolean) =>
    createTaskSource(octokitOf(github, token), place, { pens: [slug, "github-actions"], withPull });
  const tickets = (issue: number) =>
    actions
      .runs()
      .flatMap(
        ({ display_title: title }) => new RegExp(`^agent-harness #${issue} (.+)$`).exec(title)?.[1] ?? [],
      );
  return {
    tickets,
    async state(issue: number): Promise<TaskState> {
      const tasks = tasksOf(github.userToken("ada"), true);
      const snapshot = await tasks.load(issue);
      const record = snapshot && (await readRecord(issue, snapshot, { tasks }));
      const comments = [...(snapshot?.issue.comments ?? []), ...(snapshot?.pull?.comments ?? [])];
      return {
        snapshot,
        entries: record?.entries ?? [],
        task: record && foldTask(record.frame, record.entries),
        said: comments.filter(({ author }) => author.isPen).map(({ body }) => body),
      };
    },
    admit(issue: number): Promise<Admission> {
      const permissions = { contents: "read", issues: "read" } as const;
      const token = github.mintJobToken({ runId: 1, job: "admit", permissions });
      const ticket = tickets(issue).at(-1) ?? "";
      const run = { task: issue, ticket, event: "workflow_dispatch", ref: "refs/heads/main", attempt: 1 };
      return admit(run, tasksOf(token, false));
    },
    writes: () =>
      github
        .requests()
        .filter(({ actor, method, status }) => actor === `${slug}[bot]` && method !== "GET" && status < 400)
        .filter(({ path }) => path !== "/graphql" && !path.startsWith("/app/"))
        .map(({ method, path }) => `${method} ${path}`),
  };
}
