// The checks that a pull request is judged by: a folder that the base branch has, or the author's, written at base.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type CheckSet, joinChecks } from "../core/checks.ts";
import type { Config } from "../core/config.ts";
import type { Frame } from "../core/frame.ts";
import { Problem } from "../core/problem.ts";
import type { UsageByPurpose } from "../core/usage.ts";
import type { Sandbox } from "../ports.ts";
import { limitsWithoutTask } from "../session/limits-without-task.ts";
import { readChecksAt } from "../verify/checks-folder.ts";
import { readFileAt } from "../verify/git-objects.ts";
import { writeChecks } from "../verify/write-checks.ts";
import type { PullCommits } from "./pull-commits.ts";
import type { PullRequestJob } from "./pull-request-job.ts";

export interface PullTask {
  readonly frame: Frame;
  readonly config: Config;
  readonly commits: PullCommits;
  readonly sandbox: Sandbox;
  /** An existing folder. */
  readonly scratch: string;
}

/** `undefined` in place of checks: there is none. */
export interface FoundChecks {
  readonly checks: CheckSet | undefined;
  readonly usage: UsageByPurpose;
}

/** Throws `checks-invalid`, `setup-failed` and `model-failed`. */
export async function findChecks(job: PullRequestJob, task: PullTask): Promise<FoundChecks> {
  const folder = job.inputs.checks;
  if (folder !== undefined) return { checks: await keptChecks(job, task, folder), usage: {} };
  const { frame, config, sandbox } = task;
  const scratch = join(task.scratch, "author");
  await mkdir(scratch, { recursive: true });
  const written = await writeChecks({
    repository: job.workspace,
    scratch,
    model: await job.openModel(),
    sandbox,
    clock: job.clock,
    signal: job.signal,
    prompt: await job.prompt("author"),
    limits: limitsWithoutTask(config, {
      model: config.models.author,
      now: job.clock.now(),
      minutes: config.session.minutes,
    }),
    secrets: job.secrets,
    log: job.log,
    frame,
    items: frame.items,
    answers: [],
  });
  const checks = joinChecks(written.visible, written.heldOut);
  // No names: the log of a public repository is public.
  job.log.line(
    `${checks.checks.length} checks written at base; ${written.unproven.length} items without proof`,
  );
  return { checks: checks.checks.length === 0 ? undefined : checks, usage: written.usage };
}

/** The folder of this issue below it, where there is one; else the folder itself. */
async function keptChecks(
  job: PullRequestJob,
  { frame, commits }: PullTask,
  folder: string,
): Promise<CheckSet | undefined> {
  const read = (path: string) => readFileAt(job.workspace, commits.tip, path);
  for (const name of [`${folder}/issue-${frame.task}`, folder]) {
    if ((await read(`${name}/checks.json`)) === undefined) continue;
    const checks = await readChecksAt({ name, read: (path) => read(`${name}/${path}`) });
    const known = new Set(frame.items.map(({ id }) => id));
    const strays = checks.checks.map(({ item }) => item).filter((id) => !known.has(id));
    if (strays.length === 0) return checks;
    const what = `${name}/checks.json names ${[...new Set(strays)].join(", ")}; issue #${frame.task} has ${[...known].join(", ")}`;
    throw new Problem("checks-invalid", { what });
  }
  return undefined;
}
