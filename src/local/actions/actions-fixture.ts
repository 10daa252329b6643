// For tests: the embedded Actions in a folder of their own, and a real git server that knows the minted tokens.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { DispatchRequest, JobPermissions, WorkflowJob, WorkflowRun } from "../types.ts";
import {
  type EmbeddedActionsService,
  type EmbeddedActionsSettings,
  startEmbeddedActions,
} from "./embedded-actions.ts";

export const REPOSITORY = "octo/hello";

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "embedded-actions-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Writes files by their relative paths; one that begins with `#!` becomes executable. */
export function writeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (content.startsWith("#!")) chmodSync(path, 0o755);
  }
}

/** False for a process that is gone or dead and only not yet reaped. */
export function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/^\d+ \(.*\) Z/s.test(readFileSync(path, "utf8"));
}

export function git(cwd: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Octo", "-c", "user.email=octo@example.com"];
  const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

interface GitServer extends AsyncDisposable {
  readonly url: string;
  readonly tokensSeen: string[];
}

function tokenOf(request: IncomingMessage): string {
  const basic = /^basic (.*)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return Buffer.from(basic, "base64")
    .toString("utf8")
    .replace(/^x-access-token:/, "");
}

async function answerByCgi(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_USER: "job",
    },
  });
  child.stdin.end(await buffer(request));
  const output = await buffer(child.stdout);
  const end = output.indexOf("\r\n\r\n");
  const headers = output.subarray(0, end).toString("utf8").split("\r\n");
  for (const header of headers) {
    const [name = "", value = ""] = header.split(/:\s*/, 2);
    if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.end(output.subarray(end + 4));
}

/** Serves bare repositories under `root`; only bearers of a living token get in. */
export async function startGitServer(root: string, tokens: ReadonlySet<string>): Promise<GitServer> {
  const tokensSeen: string[] = [];
  const server = createServer((request, response) => {
    const token = tokenOf(request);
    tokensSeen.push(token);
    if (!tokens.has(token)) response.writeHead(401, { "www-authenticate": "Basic" }).end();
    else answerByCgi(root, request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    tokensSeen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Bench extends AsyncDisposable {
  readonly actions: EmbeddedActionsService;
  readonly folder: string;
  readonly minted: { token: string; job: string; permissions: JobPermissions }[];
  readonly tokens: Set<string>;
  /** Starts a run of the workflow text. */
  dispatch(workflowText: string, more?: Partial<DispatchRequest>): WorkflowRun;
  /** Runs it to its end. */
  run(workflowText: string, more?: Partial<DispatchRequest>): Promise<Finished>;
}

interface Finished {
  readonly run: WorkflowRun;
  readonly jobs: readonly WorkflowJob[];
  /** The log of the only job, or of the one with this name. */
  log(name?: string): string;
}

export const SHA = "1234567890123456789012345678901234567890";

export function dispatchOf(workflowText: string, more: Partial<DispatchRequest> = {}): DispatchRequest {
  return {
    workflowPath: ".github/workflows/test.yml",
    workflowText,
    event: "workflow_dispatch",
    inputs: {},
    ref: "main",
    sha: SHA,
    actor: { login: "mona", id: 7, type: "User" },
    ...more,
  };
}

export function finished(actions: EmbeddedActionsService, id: number): Finished {
  const run = actions.runs().find((one) => one.id === id);
  if (!run) throw new Error(`There is no run ${id}.`);
  const jobs = actions.jobs(id);
  const log = (name?: string) => {
    const job = name === undefined ? jobs[0] : jobs.find((one) => one.name === name);
    if (!job)
      throw new Error(`There is no job ${name}; there are ${jobs.map((one) => one.name).join(", ")}.`);
    return actions.log(job.id);
  };
  return { run, jobs, log };
}

export async function startBench(settings: Partial<EmbeddedActionsSettings> = {}): Promise<Bench> {
  const folder = temporaryFolder();
  const minted: Bench["minted"] = [];
  const tokens = new Set<string>();
  const actions = await startEmbeddedActions({
    dir: join(folder.path, "actions"),
    repository: REPOSITORY,
    serverUrl: "http://127.0.0.1:9",
    secrets: {},
    vars: {},
    localActions: {},
    nodePath: process.execPath,
    mintToken: ({ job, permissions }) => {
      const token = `ghs_${minted.length}${"x".repeat(30)}`;
      minted.push({ token, job, permissions });
      tokens.add(token);
      return token;
    },
    revokeToken: (token) => tokens.delete(token),
    ...settings,
  });
  const dispatch: Bench["dispatch"] = (text, more) => actions.dispatch(dispatchOf(text, more));
  return {
    actions,
    folder: folder.path,
    minted,
    tokens,
    dispatch,
    run: async (text, more) => {
      const { id } = dispatch(text, more);
      await actions.idle();
      return finished(actions, id);
    },
    [Symbol.asyncDispose]: async () => {
      await actions[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
