// One leg of a job in its run: its name and group, its start and end in the record, its result for others.
import type { RunConclusion } from "../types.ts";
import { concurrencyRequest } from "./concurrency.ts";
import { evaluateBoolean, evaluateString, type Value } from "./expressions.ts";
import { ActionsClosed } from "./job-context.ts";
import { type JobResult, runJob } from "./job-runner.ts";
import type { Leg } from "./matrix.ts";
import { legName } from "./matrix.ts";
import { jobPermissions } from "./permissions.ts";
import { announce, logLine, NO_STATUS, type RunContext, runScope, save } from "./run-context.ts";
import type { JobRecord } from "./store.ts";
import type { JobModel } from "./workflow-model.ts";

interface LegRequest {
  readonly run: RunContext;
  readonly model: JobModel;
  readonly record: JobRecord;
  readonly matrix: Leg;
  readonly strategy: Readonly<Record<string, Value>>;
  readonly needs: Value;
  readonly stop: AbortController;
  survivesCancel(): boolean;
}

export function finishLeg(
  run: RunContext,
  record: JobRecord,
  conclusion: RunConclusion,
  result = conclusion,
): void {
  record.job.status = "completed";
  record.job.conclusion = conclusion;
  record.job.completed_at = new Date().toISOString();
  record.result = result;
  announce(run, "workflow_job", "completed", record);
}

function contextsOf({ needs, matrix, strategy }: LegRequest): Record<string, Value> {
  return { needs, matrix: Object.keys(matrix).length > 0 ? matrix : null, strategy };
}

function jobName(request: LegRequest): string {
  const { run, model, matrix } = request;
  const { name } = model.tokens;
  if (!name) return legName(model.id, matrix);
  const text = evaluateString(name, runScope(run, NO_STATUS, contextsOf(request)));
  return name.isExpression ? text : legName(text, matrix);
}

/** Waits for the job's group; `undefined` where the job was ended while it waited. */
async function enterGroup(request: LegRequest): Promise<(() => void) | undefined> {
  const { run, model, stop } = request;
  const wanted = concurrencyRequest(model.tokens.concurrency, runScope(run, NO_STATUS, contextsOf(request)));
  const ofRun = concurrencyRequest(run.workflow.tokens.concurrency, runScope(run, NO_STATUS));
  if (wanted && wanted.group.toLowerCase() === ofRun?.group.toLowerCase()) {
    throw new Error(`The job waits for the group '${wanted.group}', which its own run holds; name another.`);
  }
  if (!wanted) return stop.signal.aborted ? undefined : () => {};
  const entering = run.concurrency.enter({ ...wanted, cancel: () => stop.abort("cancelled") });
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.signal.aborted) resolve(undefined);
    for (const signal of [stop.signal, run.host.closing])
      signal.addEventListener("abort", () => resolve(undefined));
  });
  const leave = await Promise.race([entering, stopped]);
  // Whoever gave up while waiting must not hold the group when its turn comes.
  if (!leave) void entering.then((late) => late?.());
  return leave;
}

async function carryOut(request: LegRequest): Promise<JobResult> {
  const { run, model, record, stop } = request;
  record.job.status = "in_progress";
  record.job.started_at = new Date().toISOString();
  announce(run, "workflow_job", "in_progress", record);
  return runJob({
    host: run.host,
    model,
    workflowTokens: run.workflow.tokens,
    runId: run.record.run.id,
    job: record.job,
    permissions: jobPermissions(run.workflow.tokens.permissions, model.tokens.permissions),
    contexts: { ...run.contexts, ...contextsOf(request) },
    github: run.github,
    stop,
    onChange: () => save(run),
    onLine: (text) => logLine(run, record, text),
  });
}

async function attempt(request: LegRequest): Promise<JobResult> {
  const { run, record, stop } = request;
  let leave: (() => void) | undefined;
  try {
    record.job.name = jobName(request);
    announce(run, "workflow_job", "queued", record);
    leave = await enterGroup(request);
    if (run.host.closing.aborted) throw new ActionsClosed();
    if (!leave || stop.signal.aborted) return { conclusion: "cancelled", outputs: {} };
    return await carryOut(request);
  } catch (error) {
    if (run.host.closing.aborted) throw error;
    logLine(run, record, `##[error]${error instanceof Error ? error.message : String(error)}`);
    return { conclusion: "failure", outputs: {} };
  } finally {
    leave?.();
  }
}

function goesOn(request: LegRequest): boolean {
  const scope = runScope(request.run, NO_STATUS, contextsOf(request));
  return evaluateBoolean(request.model.tokens["continue-on-error"], scope);
}

/** Runs the leg and records its end. The result differs from the conclusion under `continue-on-error` only. */
export async function runLeg(request: LegRequest): Promise<RunConclusion> {
  const { run, record, stop } = request;
  run.host.store.startLog(record.job.id);
  run.active.set(record, { stop, survivesCancel: request.survivesCancel });
  try {
    const { conclusion, outputs } = await attempt(request);
    record.outputs = outputs;
    const result = conclusion === "failure" && goesOn(request) ? "success" : conclusion;
    finishLeg(run, record, conclusion, result);
    return result;
  } finally {
    run.active.delete(record);
  }
}
