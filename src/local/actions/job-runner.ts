// Carries out one job (one leg of a matrix): its folders, token and environment, its steps in order, its outputs.
// When it runs and what its result means to others is the run's business.
import type { RunConclusion, WorkflowJob } from "../types.ts";
import { loadAction } from "./action-model.ts";
import { evaluateCondition, evaluateNumber, evaluateString, evaluateStrings } from "./expressions.ts";
import { actionInputs, runEntry } from "./javascript-action.ts";
import {
  ActionsClosed,
  type JobContext,
  jobStatus,
  type StepList,
  type StepOutcome,
  stepScope,
} from "./job-context.ts";
import { type JobRequest, openJob, removeTree } from "./job-opening.ts";
import { jobOutputs } from "./job-outputs.ts";
import { killTracked } from "./orphans.ts";
import { runStep, stepName } from "./step-runner.ts";
import { resolveUses } from "./uses-step.ts";

export interface JobResult {
  readonly conclusion: Exclude<RunConclusion, "skipped">;
  readonly outputs: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MINUTES = 360;
const MINUTE_MS = 60_000;
/** How long a cancelled job may go on with its `always()` steps, as on GitHub. */
const CANCEL_TIMEOUT_MS = 5 * MINUTE_MS;

type Phase = (name: string, act: () => Promise<StepOutcome>) => Promise<void>;

function phases(request: JobRequest, list: StepList): Phase {
  const { steps } = request.job;
  const refuseWhenClosed = () => {
    if (request.host.closing.aborted) throw new ActionsClosed();
  };
  return async (name, act) => {
    refuseWhenClosed();
    const shown: WorkflowJob["steps"][number] = {
      name,
      number: steps.length + 1,
      status: "in_progress",
      conclusion: null,
    };
    steps.push(shown);
    request.onChange();
    const conclusion = await act();
    refuseWhenClosed();
    shown.conclusion = conclusion;
    if (shown.conclusion === "failure") list.hasFailed = true;
    shown.status = "completed";
    request.onChange();
  };
}

/** Everything that can be refused before the first step is, and the `pre` of our own actions runs. */
async function setUp(request: JobRequest, job: JobContext, list: StepList): Promise<StepOutcome> {
  const scope = stepScope(job, list, {});
  Object.assign(job.variables, evaluateStrings(request.workflowTokens.env, scope));
  Object.assign(
    job.variables,
    evaluateStrings(request.model.tokens.env, stepScope(job, list, job.variables)),
  );
  for (const step of request.model.steps) {
    const { uses } = step.tokens;
    if (!uses) continue;
    const resolved = resolveUses(job, evaluateString(uses, scope));
    if (resolved.kind === "well-known" || resolved.isInWorkspace) continue;
    const action = loadAction(resolved.folder);
    if (action.using !== "javascript" || action.pre === undefined) continue;
    const here = stepScope(job, list, job.variables);
    if (!evaluateCondition(action.preIf, here)) continue;
    const state: Record<string, string> = {};
    job.states.set(`${list.depth}/${step.id}`, state);
    const inputs = actionInputs(action, evaluateStrings(step.tokens.with, here), here);
    const env = { ...job.variables, ...evaluateStrings(step.tokens.env, here) };
    const call = { job, github: job.github, signal: job.stop, action, inputs, env, state };
    const { outcome } = await runEntry(call, action.pre);
    if (outcome !== "success") return outcome;
  }
  return "success";
}

async function runPosts(job: JobContext, list: StepList, phase: Phase): Promise<void> {
  for (let post = job.posts.pop(); post; post = job.posts.pop()) {
    const { name, condition, run } = post;
    await phase(name, async () => {
      const scope = stepScope(job, list, job.variables);
      if (!evaluateCondition(condition, scope)) return "skipped";
      return (await run(new AbortController().signal)).outcome;
    });
  }
}

function timeLimit(request: JobRequest, job: JobContext, list: StepList): NodeJS.Timeout {
  const token = request.model.tokens["timeout-minutes"];
  const minutes = token ? evaluateNumber(token, stepScope(job, list, {})) : DEFAULT_TIMEOUT_MINUTES;
  return setTimeout(() => {
    job.log(`##[error]The job has exceeded the maximum execution time of ${minutes} minutes.`);
    request.stop.abort("timeout");
  }, minutes * MINUTE_MS);
}

async function runPhases(request: JobRequest, job: JobContext, list: StepList): Promise<JobResult> {
  const phase = phases(request, list);
  const guarded = (act: () => Promise<StepOutcome>) => async () => {
    try {
      return await act();
    } catch (error) {
      job.log(`##[error]${error instanceof Error ? error.message : String(error)}`);
      return "failure";
    }
  };
  let outputs: Readonly<Record<string, string>> = {};
  let timer: NodeJS.Timeout | undefined;
  await phase(
    "Set up job",
    guarded(async () => {
      timer = timeLimit(request, job, list);
      return setUp(request, job, list);
    }),
  );
  const isSetUp = !list.hasFailed;
  for (const step of isSetUp ? request.model.steps : []) {
    const scope = stepScope(job, list, job.variables);
    await phase(
      job.masks.mask(shownName(() => stepName(step, scope), step.id)),
      async () => (await runStep(job, step, list)).conclusion,
    );
  }
  await runPosts(job, list, (name, act) => phase(name, guarded(act)));
  clearTimeout(timer);
  await phase(
    "Complete job",
    guarded(async () => {
      outputs = jobOutputs(request.model.tokens.outputs, job, stepScope(job, list, job.variables));
      return "success";
    }),
  );
  return { conclusion: jobStatus(job, list), outputs };
}

/** A name whose expression fails must not keep the step from telling so itself. */
function shownName(evaluate: () => string, fallback: string): string {
  try {
    return evaluate();
  } catch {
    return fallback;
  }
}

/** Runs the job to its end and leaves nothing of it but log, summary, artifacts and the result. */
export async function runJob(request: JobRequest): Promise<JobResult> {
  const { host, runId, job, stop } = request;
  const killer = new AbortController();
  const onStop = () => setTimeout(() => killer.abort(), CANCEL_TIMEOUT_MS).unref();
  stop.signal.addEventListener("abort", onStop);
  const kill = AbortSignal.any([host.closing, killer.signal]);
  const context = openJob(request, kill);
  const list: StepList = { steps: {}, contexts: {}, github: {}, variables: {}, depth: 0, hasFailed: false };
  try {
    return await runPhases(request, context, list);
  } finally {
    stop.signal.removeEventListener("abort", onStop);
    killTracked(context.trackingId);
    host.options.revokeToken(context.token);
    host.results.revokeRuntimeToken(job.id);
    if (!host.closing.aborted) removeTree(host.store.jobFolder(runId, job.id));
  }
}
