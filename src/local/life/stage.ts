// The stage of a local task: embedded GitHub, embedded Actions and the real App, joined by signed webhooks over HTTP.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { createProbot, ProbotOctokit } from "probot";
import { parse } from "yaml";
import * as z from "zod";
import { appListener, webhooksPath } from "../../app/app-listener.ts";
import { harnessApp } from "../../app/probot-app.ts";
import type { Log } from "../../ports.ts";
import { startEmbeddedActions } from "../actions/embedded-actions.ts";
import { startEmbeddedGitHub } from "../github/embedded-github.ts";
import type { EmbeddedGitHub } from "../github/options.ts";
import type { EmbeddedActions } from "../types.ts";

export interface StageOptions {
  /** All state; the bare repository is `repo.git` in its `github` folder. */
  readonly out: string;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly labeller: string;
  /** The package's own folder: `action.yml`, `app.yml`, `dist`. */
  readonly packageRoot: string;
  readonly nodePath: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** Of this process; steps get PATH and the like from it, nothing else. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export interface Stage extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly actions: EmbeddedActions;
  /** As the person who labels. */
  readonly person: Octokit;
  /** What the App's schedule does: finds what webhooks missed. */
  sweep(): Promise<void>;
  /** Resolves when no webhook and no run is under way. */
  idle(): Promise<void>;
}

const slug = "agent-harness";

export async function startStage(options: StageOptions): Promise<Stage> {
  const keys = loadKeys(options.out);
  const app = await listenForWebhooks();
  const github = await startEmbeddedGitHub({
    dir: join(options.out, "github"),
    repository: { owner: options.owner, name: options.name, defaultBranch: options.defaultBranch },
    users: [
      { login: options.owner, permission: "admin" },
      { login: options.labeller, permission: "write" },
    ],
    app: {
      id: 7001,
      slug,
      name: "Agent Harness",
      privateKey: keys.privateKey,
      webhookSecret: keys.webhookSecret,
      webhookUrl: `${app.url}${webhooksPath}`,
      permissions: manifestPermissions(options.packageRoot),
      installationId: 90_001,
    },
  });
  const actions = await startEmbeddedActions({
    dir: join(options.out, "actions"),
    repository: `${options.owner}/${options.name}`,
    serverUrl: github.url,
    secrets: options.secrets,
    vars: options.vars,
    localActions: { "agent-harness/agent-harness": options.packageRoot },
    nodePath: options.nodePath,
    environment: options.environment,
    mintToken: (job) => github.mintJobToken(job),
    revokeToken: (token) => github.revokeToken(token),
  });
  github.connectActions(actions);
  const probot = createProbot({
    overrides: { Octokit: unthrottled },
    env: {
      APP_ID: "7001",
      PRIVATE_KEY: keys.privateKey,
      WEBHOOK_SECRET: keys.webhookSecret,
      GHE_HOST: new URL(github.url).host,
      GHE_PROTOCOL: "http",
      LOG_LEVEL: "fatal",
    },
  });
  probot.onError((error) => options.log.line(`App: ${error.message}`));
  const harness = harnessApp({ slug, log: options.log, mendAfterMs: 0 });
  app.answerWith(await appListener({ probot, harness, secret: keys.webhookSecret, log: options.log }));
  const place = { owner: options.owner, name: options.name, defaultBranch: options.defaultBranch };
  return {
    github,
    actions,
    person: new Octokit({
      auth: github.userToken(options.labeller),
      baseUrl: `${github.url}/api/v3`,
      log: silent,
    }),
    sweep: async () => {
      try {
        await harness.sweep(await probot.auth(90_001), place);
      } catch (error) {
        options.log.line(`App: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    async idle() {
      let seen: number;
      do {
        seen = github.deliveries().length;
        await actions.idle();
        await github.idle();
      } while (github.deliveries().length !== seen);
    },
    async [Symbol.asyncDispose]() {
      await actions[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      await app.close();
    },
  };
}

/** The server is there before anything can call it; its answers come once the App is loaded. */
async function listenForWebhooks() {
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
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** On loopback there is nothing to throttle. The function form: an object would drop Probot's own defaults. */
const unthrottled = ProbotOctokit.defaults((defaults: Record<string, unknown>) => ({
  ...defaults,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const manifestSchema = z.object({ default_permissions: z.record(z.string(), z.enum(["read", "write"])) });

/** What the shipped manifest asks for is what the App gets here. */
function manifestPermissions(packageRoot: string): Record<string, "read" | "write"> {
  return manifestSchema.parse(parse(readFileSync(join(packageRoot, "app.yml"), "utf8"))).default_permissions;
}

const keysSchema = z.object({ privateKey: z.string(), webhookSecret: z.string() });

/** Made once for a folder: a restarted App must know its own installation. */
function loadKeys(out: string): z.infer<typeof keysSchema> {
  const path = join(out, "app-keys.json");
  if (existsSync(path)) return keysSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const keys = { privateKey, webhookSecret: randomBytes(20).toString("hex") };
  mkdirSync(out, { recursive: true });
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
