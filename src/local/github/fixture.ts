// For tests: an embedded GitHub in a folder of its own, clients with each kind of token, a receiver of webhooks, real git.
import { execFile } from "node:child_process";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Octokit } from "@octokit/rest";
import { ProbotOctokit } from "probot";
import type { JobPermissions } from "../types.ts";
import { startEmbeddedGitHub } from "./embedded-github.ts";
import { readBody } from "./http.ts";
import { type JsonObject, objectAt, toObject } from "./json.ts";
import type { EmbeddedGitHub, EmbeddedGitHubOptions } from "./options.ts";

const run = promisify(execFile);
export const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
export const repo = { owner: "ada", repo: "demo" };

export interface Received {
  readonly event: string;
  readonly id: string;
  readonly signed: boolean;
  readonly payload: JsonObject;
}

/** A webhook receiver that checks signatures and keeps everything. */
export async function startReceiver(secret: string) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const hash = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
      received.push({
        event: String(request.headers["x-github-event"]),
        id: String(request.headers["x-github-delivery"]),
        signed: request.headers["x-hub-signature-256"] === hash,
        payload: toObject(JSON.parse(body.toString("utf8"))),
      });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function optionsFor(dir: string, webhookUrl = ""): EmbeddedGitHubOptions {
  return {
    dir,
    repository: { owner: "ada", name: "demo", defaultBranch: "main" },
    users: [
      { login: "ada", permission: "admin" },
      { login: "bob", permission: "write" },
      { login: "tia", permission: "triage" },
      { login: "rex", permission: "read" },
      { login: "nil", permission: "none" },
    ],
    app: {
      id: 7001,
      slug: "agent-harness",
      name: "Agent Harness",
      privateKey,
      webhookSecret: "shh",
      webhookUrl,
      permissions: {
        actions: "write",
        checks: "write",
        contents: "write",
        issues: "write",
        pull_requests: "write",
        metadata: "read",
      },
      installationId: 90001,
    },
  };
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
export const octokit = (github: EmbeddedGitHub, auth?: string) =>
  new Octokit({ baseUrl: `${github.url}/api/v3`, log: quiet, ...(auth === undefined ? {} : { auth }) });

/** A JWT of the App, or an installation token: made and exchanged by the library that Probot uses. */
export async function appToken(github: EmbeddedGitHub, type: "app" | "installation"): Promise<string> {
  const client = new ProbotOctokit({
    baseUrl: `${github.url}/api/v3`,
    auth: { appId: 7001, privateKey, installationId: 90001 },
    log: quiet,
    throttle: { enabled: false },
    retry: { enabled: false },
  });
  return String(objectAt({ auth: await client.auth({ type, installationId: 90001 }) }, "auth").token);
}

export async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: cwd,
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
  };
  const identity = [
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@example.org",
    "-c",
    "init.defaultBranch=main",
  ];
  return (await run("git", [...identity, ...args], { cwd, env })).stdout.trim();
}

export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "embedded-github-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

export interface Fixture extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly folder: string;
  readonly received: readonly Received[];
  /** The first commit on `main`. */
  readonly first: string;
  readonly ada: Octokit;
  readonly app: Octokit;
  job(permissions: JobPermissions): Octokit;
  /** The address for git with a token as the password. */
  remote(token: string): string;
}

/** A repository with one commit of `README.md` and `src/a.ts` on `main`. */
export async function startFixture(change: Partial<EmbeddedGitHubOptions> = {}): Promise<Fixture> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const receiver = stack.use(await startReceiver("shh"));
  const options = { ...optionsFor(join(folder, "state"), receiver.url), ...change };
  const github = stack.use(await startEmbeddedGitHub(options));
  const ada = octokit(github, github.userToken("ada"));
  const tree = await ada.rest.git.createTree({
    ...repo,
    tree: [
      { path: "README.md", mode: "100644", type: "blob", content: "# demo\n" },
      { path: "src/a.ts", mode: "100644", type: "blob", content: "export const a = 1;\n" },
    ],
  });
  const commit = await ada.rest.git.createCommit({
    ...repo,
    tree: tree.data.sha,
    message: "first",
    parents: [],
  });
  const first = commit.data.sha;
  await ada.rest.git.createRef({ ...repo, ref: "refs/heads/main", sha: first });
  await github.idle();
  receiver.received.length = 0;
  return {
    github,
    folder,
    received: receiver.received,
    first,
    ada,
    app: octokit(github, await appToken(github, "installation")),
    job: (permissions) => octokit(github, github.mintJobToken({ runId: 1, job: "settle", permissions })),
    remote: (token) =>
      github.url.replace("http://", `http://x-access-token:${token}@`).concat("/ada/demo.git"),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A commit of one file on a branch, made through the API; gives the new head. */
export async function commitFile(
  client: Octokit,
  file: { branch: string; path: string; content: string; parent: string },
): Promise<string> {
  const { branch, path, content, parent } = file;
  const tree = await client.rest.git.createTree({
    ...repo,
    base_tree: parent,
    tree: [{ path, mode: "100644", type: "blob", content }],
  });
  const commit = await client.rest.git.createCommit({
    ...repo,
    tree: tree.data.sha,
    message: `add ${path}`,
    parents: [parent],
  });
  await client.rest.git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha: commit.data.sha });
  return commit.data.sha;
}
