// One step from its condition to its conclusion: environment, timeout, cancel, `continue-on-error`.
import { isBasicExpression } from "@actions/workflow-parser";
import {
  evaluateBoolean,
  evaluateCondition,
  evaluateNumber,
  evaluateString,
  evaluateStrings,
  type Scope,
} from "./expressions.ts";
import {
  type Executed,
  interrupted,
  type JobContext,
  type StepCall,
  type StepList,
  type StepReport,
  stepScope,
} from "./job-context.ts";
import { runScript } from "./script-step.ts";
import { runUses } from "./uses-step.ts";
import type { StepModel } from "./workflow-model.ts";

const MINUTE_MS = 60_000;

/** Aborts with the reason that ends the step first: its own timeout, its list's, or the job's stop. */
function watchStop(options: {
  job: JobContext;
  list: StepList;
  minutes: number | undefined;
  survives(): boolean;
}) {
  const { job, list, minutes } = options;
  const controller = new AbortController();
  const onJobStop = () => {
    // A running step whose condition still holds after the cancel (`always()`) is left to its end, as on GitHub.
    if (!options.survives()) controller.abort(job.stop.reason === "timeout" ? "cancelled" : job.stop.reason);
  };
  const onListStop = () => controller.abort(list.signal?.reason);
  job.stop.addEventListener("abort", onJobStop);
  list.signal?.addEventListener("abort", onListStop);
  const timer =
    minutes === undefined ? undefined : setTimeout(() => controller.abort("timeout"), minutes * MINUTE_MS);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      job.stop.removeEventListener("abort", onJobStop);
      list.signal?.removeEventListener("abort", onListStop);
    },
  };
}

async function execute(job: JobContext, step: StepModel, list: StepList): Promise<Executed> {
  const variables = { ...job.variables, ...list.variables };
  const { run, uses, env: ownEnv } = step.tokens;
  const stepEnv = evaluateStrings(ownEnv, stepScope(job, list, variables));
  const env = { ...variables, ...stepEnv };
  const scope = stepScope(job, list, env);
  const timeout = step.tokens["timeout-minutes"];
  const minutes = timeout ? evaluateNumber(timeout, scope) : undefined;
  const survives = () => holds(step, stepScope(job, list, env));
  using watch = watchStop({ job, list, minutes, survives });
  const github = { ...job.github, ...list.github, action: step.id };
  const call: StepCall = { job, list, step, env, stepEnv, scope, github, signal: watch.signal, runStep };
  const executed = run
    ? await runScript(call, run)
    : await runUses(call, uses ? evaluateString(uses, scope) : "");
  if (watch.signal.reason === "timeout" && minutes !== undefined) {
    job.log(`##[error]The action '${stepName(step, scope)}' has timed out after ${minutes} minutes.`);
  }
  return watch.signal.aborted ? { ...executed, outcome: interrupted(watch.signal) } : executed;
}

function holds(step: StepModel, scope: Scope): boolean {
  return evaluateCondition(step.condition.source, scope, step.condition.allowed);
}

export function stepName(step: StepModel, scope: Scope): string {
  const { name, run, uses } = step.tokens;
  if (name) return evaluateString(name, scope);
  const token = uses ?? run;
  // The parser turns text with expressions in it into one `format(…)`; people know it as they wrote it.
  const text = token && isBasicExpression(token) ? token.source : token?.toString();
  return `Run ${text?.trim().split("\n")[0] ?? ""}`;
}

async function attempt(job: JobContext, step: StepModel, list: StepList): Promise<Executed | "skipped"> {
  try {
    if (job.host.closing.aborted) return { outcome: "cancelled", outputs: {} };
    const scope = stepScope(job, list, { ...job.variables, ...list.variables });
    if (!holds(step, scope)) return "skipped";
    return await execute(job, step, list);
  } catch (error) {
    job.log(`##[error]${error instanceof Error ? error.message : String(error)}`);
    return { outcome: job.stop.aborted ? "cancelled" : "failure", outputs: {} };
  }
}

/** Runs the step, or skips it, and records it in its list's `steps` context. Never throws for what a step does. */
export async function runStep(job: JobContext, step: StepModel, list: StepList): Promise<StepReport> {
  const executed = await attempt(job, step, list);
  const { outcome, outputs } = executed === "skipped" ? { outcome: executed, outputs: {} } : executed;
  let conclusion = outcome;
  if (outcome === "failure") {
    const scope = stepScope(job, list, { ...job.variables, ...list.variables });
    if (continuesOnError(job, step, scope)) conclusion = "success";
    else list.hasFailed = true;
  }
  if (step.hasOwnId) list.steps[step.id] = { outcome, conclusion, outputs };
  return { outcome: outcome === "skipped" ? "success" : outcome, conclusion, outputs };
}

function continuesOnError(job: JobContext, step: StepModel, scope: Scope): boolean {
  try {
    return evaluateBoolean(step.tokens["continue-on-error"], scope);
  } catch (error) {
    job.log(`##[error]${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
