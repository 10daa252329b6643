// What a job of the workflow is given: its inputs, its ports, and where its files go. Values only; `bin/` reads the
// environment.
import { type Config, parseConfig } from "../core/config.ts";
import type { RecordFacts } from "../core/facts.ts";
import { reserve } from "../core/next.ts";
import { Problem } from "../core/problem.ts";
import { foldTask, type Task } from "../core/task.ts";
import { chargedTokens, totalUsage } from "../core/usage.ts";
import type { Clock, Log, Model, Sandbox } from "../ports.ts";
import type { LimitOptions } from "../session/limits.ts";
import type { Prompt } from "../session/prompts.ts";
import { readRecord } from "../shell/gather.ts";
import type { TaskPorts } from "../shell/handle.ts";

/** What every job has, whatever it is about. */
export interface JobTools {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly attempt: number;
  /** The checkout, where the job has one. */
  readonly workspace: string;
  /** Emptied before each job; artifacts are downloaded into it. */
  readonly temp: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Values that may stand in no output. */
  readonly secrets: readonly string[];
  openModel(): Promise<Model>;
  openSandbox(): Promise<Sandbox>;
  prompt(role: "author" | "builder" | "verifier"): Promise<Prompt>;
  output(name: string, value: string): void;
  /** Markdown for the job's summary page. */
  summary(text: string): void;
}

/** One of the jobs of the shipped workflow. */
export interface Job extends JobTools {
  readonly task: number;
  readonly ticket: string;
  /** Commit of the branch that this run works on; empty for `admit`. */
  readonly head: string;
  /** `toJSON(needs)`, for `settle`. */
  readonly needs: string;
  readonly event: string;
  readonly ref: string;
  readonly runId: number;
  readonly ports: TaskPorts;
}

export interface JobTask {
  readonly record: RecordFacts;
  readonly task: Task;
  readonly config: Config;
}

/** The task as the pen last recorded it. Throws `dispatch-refused` where there is none. */
export async function loadTask(job: Job): Promise<JobTask> {
  const snapshot = await job.ports.tasks.loadRecord(job.task);
  const record = await readRecord(job.task, snapshot, job.ports);
  if (!record) throw new Problem("dispatch-refused", { what: "the task has no frame" });
  const parsed = parseConfig(snapshot.configText ?? "");
  const config = "config" in parsed ? parsed.config : defaultConfig();
  return { record, task: foldTask(record.frame, record.entries), config };
}

/** A configuration that broke after the label stops nothing that was authorised before. */
function defaultConfig(): Config {
  const parsed = parseConfig("");
  if ("config" in parsed) return parsed.config;
  throw new Error("Expected the defaults to follow the configuration's own schema.");
}

const maxOutputTokens = 16_000;

/**
 * What one conversation may use: the builder stops before the reserve that is kept for verification, author and verifier
 * may use all of it.
 */
export function conversationLimits(
  { record, task, config }: JobTask,
  use: { readonly model: string; readonly mayUseReserve: boolean; readonly now: number },
): Omit<LimitOptions, "clock"> {
  const { budget } = record.frame;
  const share = use.mayUseReserve ? 1 : 1 - reserve;
  const spent = totalUsage(task.usage);
  return {
    model: use.model,
    deadlineAt: use.now + config.session.minutes * 60_000,
    tokensLeft: Math.max(0, Math.floor(budget.tokens * share) - chargedTokens(spent)),
    usdLeft: budget.usd === null || spent.usd === null ? null : Math.max(0, budget.usd * share - spent.usd),
    contextTokens: config.session.contextTokens,
    contextShare: config.session.contextShare,
    maxOutputTokens,
  };
}
