// What a scene is put together from: the App over its listener, a server for it, a repository, and a delivery by hand.
import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { createProbot, ProbotOctokit } from "probot";
import { appListener } from "../../src/app/app-listener.ts";
import { type HarnessApp, harnessApp } from "../../src/app/probot-app.ts";
import type { EmbeddedGitHub } from "../../src/local/github/options.ts";

export const repo = { owner: "ada", repo: "demo" };
export const secret = "a secret of the scene";
export const slug = "agent-harness";
const root = join(import.meta.dirname, "../..");

export const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export function octokitOf(github: EmbeddedGitHub, token: string): Octokit {
  return new Octokit({ auth: token, baseUrl: `${github.url}/api/v3`, log: quiet });
}

const unthrottled = ProbotOctokit.defaults((defaults: Record<string, unknown>) => ({
  ...defaults,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

export interface RunningApp {
  readonly harness: HarnessApp;
  readonly listener: RequestListener;
  /** What went wrong in it, if anything. */
  readonly errors: readonly string[];
  client(installation?: number): Promise<Octokit>;
}

export async function startApp(github: EmbeddedGitHub): Promise<RunningApp> {
  const probot = createProbot({
    overrides: { Octokit: unthrottled },
    env: {
      APP_ID: "7001",
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: secret,
      GHE_HOST: new URL(github.url).host,
      GHE_PROTOCOL: "http",
      LOG_LEVEL: "fatal",
    },
  });
  await probot.ready();
  const errors: string[] = [];
  probot.onError((error) => errors.push(error.message));
  const log = { line() {} };
  const harness = harnessApp({ slug, log, mendAfterMs: 0 });
  return {
    harness,
    errors,
    listener: await appListener({ probot, harness, secret, log }),
    client: async (installation) => (await probot.auth(installation)) as unknown as Octokit,
  };
}

/** A server that is there before anything can call it; its answers come once there is somebody to answer. */
export async function startServer() {
  const { promise, resolve } = Promise.withResolvers<RequestListener>();
  const server = createServer((request, response) => {
    void promise.then((answer) => answer(request, response));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a TCP address, found none.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    answerWith: resolve,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The shipped workflow and a package with tests, on the default branch. */
export async function seedFiles(owner: Octokit): Promise<void> {
  const files = {
    "package.json": '{ "scripts": { "test": "node --test" } }\n',
    "lib/a.js": "export const a = 1;\n",
    ".github/workflows/agent-harness.yml": readFileSync(
      join(root, ".github/workflows/agent-harness.yml"),
      "utf8",
    ),
  };
  const tree = await owner.rest.git.createTree({
    ...repo,
    tree: Object.entries(files).map(([path, content]) => ({ path, content, mode: "100644", type: "blob" })),
  });
  const { data } = await owner.rest.git.createCommit({
    ...repo,
    tree: tree.data.sha,
    message: "start",
    parents: [],
  });
  await owner.rest.git.createRef({ ...repo, ref: "refs/heads/main", sha: data.sha });
  await owner.rest.issues.createLabel({ ...repo, name: "agent:harness", color: "5319e7" });
}

/** A delivery as GitHub would send it, but for what a row puts in its place. */
export interface Sent {
  readonly event: string;
  readonly body: string | ReadableStream<Uint8Array>;
  readonly id?: string;
  /** Of `x-hub-signature-256`: the right one by default, none for `null`. */
  readonly signature?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export const sign = (body: string | Uint8Array, hash = "sha256", key = secret) =>
  `${hash}=${createHmac(hash, key).update(body).digest("hex")}`;

export async function send(url: string, sent: Sent): Promise<{ status: number; text: string }> {
  const { event, body, id = randomUUID(), headers = {} } = sent;
  const right = typeof body === "string" ? sign(body) : null;
  const signature = sent.signature === undefined ? right : sent.signature;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": id,
      ...(signature === null ? {} : { "x-hub-signature-256": signature }),
      ...headers,
    },
    body,
    ...(typeof body === "string" ? {} : { duplex: "half" }),
  });
  return { status: response.status, text: await response.text() };
}
