// Runs one command of a step with everything round it: environment, file commands, workflow commands, summary.
import { isAbsolute, join } from "node:path";
import { processEnvironment } from "./environment.ts";
import { makeCommandFiles, SUMMARY_LIMIT_BYTES, takeCommandResults } from "./file-commands.ts";
import { type Executed, interrupted, type JobContext, type StepCall } from "./job-context.ts";
import { runProcess } from "./step-process.ts";
import { createCommandReader } from "./workflow-commands.ts";

interface StepCommand {
  readonly argv: readonly string[];
  /** Relative to the workspace, or absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly state?: Record<string, string>;
}

export type CommandCall = Pick<StepCall, "job" | "github" | "signal">;

function keepSummary(job: JobContext, summary: string | undefined): void {
  if (summary === undefined) {
    job.log(
      `##[error]$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${SUMMARY_LIMIT_BYTES / 1024}k; write less.`,
    );
  } else if (summary !== "") {
    job.host.store.appendSummary(job.jobId, job.masks.mask(summary));
  }
}

/** Runs the command to its end, then takes over what it wrote to its command files, also when it failed. */
export async function runCommand(call: CommandCall, command: StepCommand): Promise<Executed> {
  const { job, signal } = call;
  const files = makeCommandFiles(job.folders.temp);
  const outputs: Record<string, string> = {};
  let hasFailed = false;
  const fail = (why: string) => {
    hasFailed = true;
    job.log(`##[error]${why}`);
  };
  const onLine = createCommandReader({
    log: job.log,
    mask: job.masks.add,
    output: (name, value) => {
      outputs[name] = value;
    },
    state: (name, value) => {
      if (command.state) command.state[name] = value;
    },
    fail,
  });
  const code = await runProcess({
    argv: command.argv,
    cwd: isAbsolute(command.cwd) ? command.cwd : join(job.folders.workspace, command.cwd),
    env: processEnvironment(job, call.github, command.env, files),
    onLine,
    cancel: signal,
    kill: job.kill,
    graceMs: job.host.cancelGraceMs,
    launcher: job.host.launcher,
  });
  const results = takeCommandResults(files);
  Object.assign(job.variables, results.variables);
  Object.assign(command.state ?? {}, results.state);
  for (const path of results.paths) job.paths.unshift(path);
  keepSummary(job, results.summary);
  Object.assign(outputs, results.outputs);
  if (signal.aborted) return { outcome: interrupted(signal), outputs };
  if (code !== 0) fail(`Process completed with exit code ${code}.`);
  return { outcome: hasFailed ? "failure" : "success", outputs };
}
