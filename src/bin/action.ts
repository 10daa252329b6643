// The action's composition root: the runner's environment in, one job out. The only place that reads that environment.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Octokit } from "@octokit/rest";
import { createCheckRuns, createIssueSource } from "../adapters/github-verification.ts";
import { taskPorts } from "../app/task-ports.ts";
import { Problem } from "../core/problem.ts";
import { parsePullRequestEvent } from "../core/pull-request-event.ts";
import { parseMode, parseVerifyInputs } from "../core/verify-inputs.ts";
import { jobs } from "../jobs/index.ts";
import type { Job, JobTools } from "../jobs/job.ts";
import type { PullRequestJob } from "../jobs/pull-request-job.ts";
import type { Model } from "../ports.ts";
import { parsePrompt } from "../session/prompts.ts";
import { openSandbox, requireSandbox } from "./open-sandbox.ts";
import { createOutlets } from "./outlets.ts";

const environment = process.env;

/** Beside the bundle: `dist/` and `prompts/` stand in the package's root. */
const packageRoot = fileURLToPath(new URL("..", import.meta.url));

function variable(name: string): string {
  return environment[name] ?? "";
}

function input(name: string): string {
  return variable(`INPUT_${name.toUpperCase()}`).trim();
}

const secrets = [variable("ANTHROPIC_API_KEY"), variable("ANTHROPIC_AUTH_TOKEN"), input("token")].filter(
  (secret) => secret !== "",
);
const { log, output, summary, fail } = createOutlets({
  secrets,
  resumeWord: crypto.randomUUID(),
  write: (text) => process.stdout.write(text),
  outputFile: variable("GITHUB_OUTPUT"),
  summaryFile: variable("GITHUB_STEP_SUMMARY"),
});

function client(): Octokit {
  return new Octokit({
    auth: input("token"),
    baseUrl: variable("GITHUB_API_URL"),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
}

/** Loaded here, while the first request to GitHub is on its way: jobs without a sandbox need none of it. */
async function openModel(): Promise<Model> {
  const { createAnthropicModel } = await import("../adapters/anthropic.ts");
  const [apiKey, authToken, baseURL] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
  ].map(variable);
  return createAnthropicModel({
    ...(apiKey ? { apiKey } : {}),
    ...(authToken ? { authToken } : {}),
    ...(baseURL ? { baseURL } : {}),
    onRetry: ({ attempt, why }) => log.line(`model service: ${why}; attempt ${attempt}`),
  });
}

async function createTools(signal: AbortSignal): Promise<JobTools> {
  const [owner = "", name = ""] = variable("GITHUB_REPOSITORY").split("/");
  const temp = variable("RUNNER_TEMP");
  await mkdir(temp, { recursive: true });
  return {
    repository: { owner, name },
    attempt: Number(variable("GITHUB_RUN_ATTEMPT")),
    workspace: variable("GITHUB_WORKSPACE"),
    temp,
    clock: { now: () => Date.now() },
    log,
    signal,
    secrets,
    openModel,
    openSandbox: () => openSandbox(packageRoot, environment, log),
    prompt: async (role) => parsePrompt(await readFile(join(packageRoot, "prompts", `${role}.md`), "utf8")),
    output,
    summary,
  };
}

function createJob(tools: JobTools): Job {
  const mayReadPulls = input("role") === "settle";
  const place = { ...tools.repository, defaultBranch: variable("GITHUB_REF_NAME") };
  return {
    ...tools,
    task: Number(input("task")),
    ticket: input("ticket"),
    head: input("head"),
    needs: input("needs"),
    event: variable("GITHUB_EVENT_NAME"),
    ref: variable("GITHUB_REF"),
    runId: Number(variable("GITHUB_RUN_ID")),
    ports: taskPorts(client(), place, { slug: "agent-harness", log, withPull: mayReadPulls }),
  };
}

/** A pull request may be anybody's: without a sandbox nothing of it runs. */
async function createPullRequestJob(tools: JobTools): Promise<PullRequestJob> {
  const inputs = parseVerifyInputs(input);
  const payload = await readFile(variable("GITHUB_EVENT_PATH"), "utf8");
  const github = client();
  return {
    ...tools,
    inputs,
    pull: parsePullRequestEvent(variable("GITHUB_EVENT_NAME"), payload),
    hasKey: variable("ANTHROPIC_API_KEY") !== "" || variable("ANTHROPIC_AUTH_TOKEN") !== "",
    issues: createIssueSource(github, tools.repository),
    checkRuns: createCheckRuns(github, tools.repository),
    openSandbox: () => requireSandbox(packageRoot, environment),
  };
}

/** What stopped the job, in words that may be shown; the stack of a bug of ours goes to the log alone. */
function explain(error: unknown): string {
  if (error instanceof Problem) return error.message.replace(/\s*\n/g, " ");
  if (error instanceof Error) {
    log.line(error.stack ?? error.message);
    return error.message;
  }
  return String(error);
}

const leaving = new AbortController();

async function main(): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => leaving.abort());
  const mode = parseMode(input, Object.keys(jobs));
  const tools = await createTools(leaving.signal);
  if (mode === "verify") {
    const { verifyPullRequest } = await import("../jobs/verify-pull-request.ts");
    if (!(await verifyPullRequest(await createPullRequestJob(tools)))) process.exitCode = 1;
    return;
  }
  const job = await jobs[input("role")]?.();
  await job?.(createJob(tools));
}

try {
  await main();
} catch (error) {
  fail(explain(error));
  process.exitCode = 1;
  // What was under way when the run was cancelled would hold the process.
  if (leaving.signal.aborted && input("mode") === "verify") process.exit();
}
