// The variables that GitHub's runner gives to every step, and the little of the machine's that it lets through.
import { delimiter, dirname } from "node:path";
import { networkVariables } from "../../sandbox/network-environment.ts";
import { unsafeVariable } from "../../sandbox/unsafe.ts";
import type { Value } from "./expressions.ts";
import type { CommandFiles } from "./file-commands.ts";
import type { JobContext } from "./job-context.ts";
import { TRACKING_VARIABLE } from "./orphans.ts";

const PASSED_ON = [
  "PATH",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TERM",
  "USER",
  unsafeVariable,
  ...networkVariables,
];
const STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** `whole` is the program's environment. The folder of `nodePath` goes first on PATH, as hosted runners have `node`. */
export function machineEnvironment(
  whole: Readonly<Record<string, string | undefined>>,
  nodePath: string,
): Record<string, string> {
  const passed = PASSED_ON.flatMap((name): [string, string][] => {
    const value = whole[name];
    return value === undefined ? [] : [[name, value]];
  });
  const path = [dirname(nodePath), whole.PATH || STANDARD_PATH].join(delimiter);
  return { LANG: "C.UTF-8", ...Object.fromEntries(passed), PATH: path };
}

const GITHUB_VARIABLES = [
  "action",
  "action_path",
  "action_ref",
  "action_repository",
  "actor",
  "actor_id",
  "api_url",
  "base_ref",
  "event_name",
  "event_path",
  "graphql_url",
  "head_ref",
  "job",
  "ref",
  "ref_name",
  "ref_protected",
  "ref_type",
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "retention_days",
  "run_attempt",
  "run_id",
  "run_number",
  "server_url",
  "sha",
  "triggering_actor",
  "workflow",
  "workflow_ref",
  "workflow_sha",
  "workspace",
];

function githubVariables(github: Readonly<Record<string, Value>>): [string, string][] {
  return GITHUB_VARIABLES.flatMap((name): [string, string][] => {
    const value = github[name];
    return value === undefined || value === null ? [] : [[`GITHUB_${name.toUpperCase()}`, String(value)]];
  });
}

/** The whole environment of a process. The runner's own GITHUB_* and RUNNER_* cannot be overridden by `env`. */
export function processEnvironment(
  job: JobContext,
  github: Readonly<Record<string, Value>>,
  env: Readonly<Record<string, string>>,
  files?: CommandFiles,
): Record<string, string> {
  const merged: Record<string, string> = {
    ...job.host.machineEnvironment,
    HOME: job.folders.home,
    CI: "true",
    ...env,
  };
  const commandFiles = Object.entries(files ?? {}).map(([name, path]): [string, string] => [
    `GITHUB_${name}`,
    path,
  ]);
  return {
    ...merged,
    PATH: [...job.paths, merged.PATH].join(delimiter),
    GITHUB_ACTIONS: "true",
    ...Object.fromEntries([...githubVariables(github), ...commandFiles]),
    RUNNER_OS: "Linux",
    RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
    RUNNER_NAME: "embedded",
    RUNNER_ENVIRONMENT: "self-hosted",
    RUNNER_TEMP: job.folders.temp,
    RUNNER_TOOL_CACHE: job.folders.tools,
    RUNNER_WORKSPACE: job.folders.workspace,
    [TRACKING_VARIABLE]: job.trackingId,
  };
}
