// What a job starts with: its folders, token, masks and contexts. And how its folders go away again.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobPermissions, WorkflowJob } from "../types.ts";
import type { Value } from "./expressions.ts";
import type { Host, JobContext, JobFolders } from "./job-context.ts";
import { createMasks } from "./masks.ts";
import { type JobModel, type Tokens, tokensOf } from "./workflow-model.ts";

export interface JobRequest {
  readonly host: Host;
  readonly model: JobModel;
  readonly workflowTokens: Tokens;
  readonly runId: number;
  readonly job: WorkflowJob;
  readonly permissions: JobPermissions;
  /** Without `github.token`, `secrets`, `runner` and the workspace: the job adds them. */
  readonly contexts: Readonly<Record<string, Value>>;
  readonly github: Readonly<Record<string, Value>>;
  /** Aborted with `"cancelled"` when the run, its group or its matrix ends the job. */
  readonly stop: AbortController;
  onChange(): void;
  onLine(text: string): void;
}

/** Also what a step made read-only. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    spawnSync("chmod", ["-R", "u+rwX", path]);
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

function makeFolders(root: string, repository: string): JobFolders {
  removeTree(root);
  const folders = {
    workspace: join(root, "work", repository.split("/")[1] ?? "repository"),
    temp: join(root, "temp"),
    home: join(root, "home"),
    tools: join(root, "tools"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}

function jobGithub(request: JobRequest, token: string, folders: JobFolders): JobContext["github"] {
  const event_path = join(folders.temp, "event.json");
  writeFileSync(event_path, JSON.stringify(request.github.event));
  return { ...request.github, token, job: request.model.id, workspace: folders.workspace, event_path };
}

function runnerContext(folders: JobFolders): Value {
  return {
    os: "Linux",
    arch: process.arch === "arm64" ? "ARM64" : "X64",
    name: "embedded",
    debug: "",
    environment: "self-hosted",
    temp: folders.temp,
    tool_cache: folders.tools,
  };
}

/** Mints the token: whoever opens a job revokes it. */
export function openJob(request: JobRequest, kill: AbortSignal): JobContext {
  const { host, job, model, runId, stop } = request;
  const { secrets, repository, mintToken } = host.options;
  const folders = makeFolders(host.store.jobFolder(runId, job.id), repository);
  const token = mintToken({ runId, job: model.id, permissions: request.permissions });
  const masks = createMasks([token, host.results.runtimeToken(runId, job.id), ...Object.values(secrets)]);
  const defaults = (tokens: Tokens) => tokensOf(tokensOf(tokens.defaults).run);
  return {
    host,
    runId,
    jobId: job.id,
    trackingId: trackingId(host, runId, job.id),
    folders,
    token,
    masks,
    contexts: {
      ...request.contexts,
      secrets: { ...secrets, GITHUB_TOKEN: token },
      runner: runnerContext(folders),
    },
    github: jobGithub(request, token, folders),
    variables: {},
    paths: [],
    shellDefaults: { ...defaults(request.workflowTokens), ...defaults(model.tokens) },
    stop: stop.signal,
    kill,
    posts: [],
    states: new Map(),
    log: (line) => request.onLine(masks.mask(line)),
  };
}

/** Names the processes of a job, so that those that a killed program left can be found. */
export function trackingId(host: Pick<Host, "store">, runId: number, jobId: number): string {
  return `embedded:${host.store.folder}:${runId}:${jobId}:`;
}
