// What the parts that carry out a job share: types only, and the few functions that read them.
import type { EmbeddedActionsOptions } from "../types.ts";
import type { ArtifactStore } from "./artifact-store.ts";
import { hostFunctions, type Scope, type Value } from "./expressions.ts";
import { hashFiles } from "./glob.ts";
import type { Masks } from "./masks.ts";
import type { ResultsService } from "./results-service.ts";
import type { Launcher } from "./step-process.ts";
import type { Store } from "./store.ts";
import type { StepModel } from "./workflow-model.ts";

export interface Host {
  readonly options: EmbeddedActionsOptions;
  readonly store: Store;
  readonly artifacts: ArtifactStore;
  readonly results: ResultsService;
  readonly launcher: Launcher;
  /** PATH, LANG and the like of the machine; no other variable of the program reaches a step. */
  readonly machineEnvironment: Readonly<Record<string, string>>;
  readonly cancelGraceMs: number;
  /** Aborted when the embedded Actions are shut down: everything stops at once and nothing more is recorded. */
  readonly closing: AbortSignal;
}

export interface JobFolders {
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly tools: string;
}

/** Thrown through a job when the embedded Actions shut down: nothing of it is to be recorded. */
export class ActionsClosed extends Error {
  constructor() {
    super("The embedded Actions were shut down; `resume()` takes the run up again.");
    this.name = "ActionsClosed";
  }
}

export type StepOutcome = "success" | "failure" | "cancelled" | "skipped";

export interface Executed {
  readonly outcome: Exclude<StepOutcome, "skipped">;
  readonly outputs: Readonly<Record<string, string>>;
}

interface PostStep {
  readonly name: string;
  readonly condition: string;
  run(signal: AbortSignal): Promise<Executed>;
}

export interface JobContext {
  readonly host: Host;
  readonly runId: number;
  readonly jobId: number;
  readonly trackingId: string;
  readonly folders: JobFolders;
  readonly token: string;
  readonly masks: Masks;
  /** Contexts that stay the same for all steps of the job. */
  readonly contexts: Readonly<Record<string, Value>>;
  readonly github: Readonly<Record<string, Value>>;
  /** `env` of workflow and job, and what steps wrote to GITHUB_ENV. */
  readonly variables: Record<string, string>;
  /** What steps wrote to GITHUB_PATH, the newest first. */
  readonly paths: string[];
  /** `defaults.run` of job and workflow, evaluated when a script runs. */
  readonly shellDefaults: StepModel["tokens"];
  /** Aborted with the reason `"cancelled"` or `"timeout"`. */
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  readonly posts: PostStep[];
  /** What an action's `pre` and `main` hand to its `post`, by step. */
  readonly states: Map<string, Record<string, string>>;
  log(line: string): void;
}

/** The steps of a job, or those of one composite action inside it. */
export interface StepList {
  readonly steps: Record<string, Value>;
  /** Laid over the job's contexts: a composite action has its own `inputs`. */
  readonly contexts: Readonly<Record<string, Value>>;
  readonly github: Readonly<Record<string, Value>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly depth: number;
  /** Aborted when the composite action's own step is asked to end. */
  readonly signal?: AbortSignal;
  hasFailed: boolean;
}

export interface StepCall {
  readonly job: JobContext;
  readonly list: StepList;
  readonly step: StepModel;
  /** The step's environment without the runner's own variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The part of it that the step's own `env` gives. */
  readonly stepEnv: Readonly<Record<string, string>>;
  readonly scope: Scope;
  /** The `github` context as this step sees it. */
  readonly github: Readonly<Record<string, Value>>;
  readonly signal: AbortSignal;
  runStep(job: JobContext, step: StepModel, list: StepList): Promise<StepReport>;
}

export interface StepReport extends Executed {
  readonly conclusion: StepOutcome;
}

export function jobStatus(job: JobContext, list: StepList): "success" | "failure" | "cancelled" {
  if (job.stop.aborted) return "cancelled";
  return list.hasFailed ? "failure" : "success";
}

export function stepScope(job: JobContext, list: StepList, env: Readonly<Record<string, string>>): Scope {
  const status = () => jobStatus(job, list);
  return {
    contexts: {
      ...job.contexts,
      ...list.contexts,
      github: { ...job.github, ...list.github },
      env,
      steps: list.steps,
      job: { status: status() },
    },
    functions: hostFunctions(
      {
        success: () => status() === "success",
        failure: () => status() === "failure",
        cancelled: () => status() === "cancelled",
      },
      (patterns) => hashFiles(job.folders.workspace, patterns),
    ),
  };
}

/** The outcome of something that was asked to end: a timeout counts as a failure, as on GitHub. */
export function interrupted(signal: AbortSignal): "failure" | "cancelled" {
  return signal.reason === "timeout" ? "failure" : "cancelled";
}
