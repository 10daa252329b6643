// The jobs of a run: who waits for whom, who is skipped, which legs a matrix has and how many run at once.
import type { RunConclusion } from "../types.ts";
import {
  evaluateBoolean,
  evaluateCondition,
  evaluateNumber,
  evaluateToken,
  type Status,
  type Value,
} from "./expressions.ts";
import { ActionsClosed } from "./job-context.ts";
import { expandMatrix, type Leg } from "./matrix.ts";
import { logLine, type RunContext, runScope } from "./run-context.ts";
import { finishLeg, runLeg } from "./run-leg.ts";
import type { JobRecord } from "./store.ts";
import { type JobModel, tokensOf, type WorkflowModel } from "./workflow-model.ts";

interface Result {
  readonly result: RunConclusion;
  readonly outputs: Readonly<Record<string, string>>;
}

type Results = ReadonlyMap<string, Promise<Result>>;

/** Every job that this one waits for, directly or not: `success()` asks for all of them. */
function ancestors(workflow: WorkflowModel, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (jobId: string) => {
    for (const need of workflow.jobs.find((job) => job.id === jobId)?.needs ?? []) {
      if (found.has(need)) continue;
      found.add(need);
      visit(need);
    }
  };
  visit(id);
  return found;
}

export function addJobRecord(
  run: Pick<RunContext, "host" | "record">,
  model: JobModel,
  leg: number,
): JobRecord {
  const existing = run.record.jobs.find((record) => record.key === model.id && record.leg === leg);
  if (existing) return existing;
  const { name } = model.tokens;
  const record: JobRecord = {
    job: {
      id: run.host.store.nextId("job"),
      run_id: run.record.run.id,
      name: name && !name.isExpression ? name.toString() : model.id,
      status: "queued",
      conclusion: null,
      started_at: null,
      completed_at: null,
      steps: [],
    },
    key: model.id,
    leg,
    result: null,
    outputs: {},
  };
  run.record.jobs.push(record);
  return record;
}

function combine(results: readonly RunConclusion[]): RunConclusion {
  for (const worst of ["failure", "cancelled"] as const) if (results.includes(worst)) return worst;
  return "success";
}

function mergedOutputs(records: readonly JobRecord[]): Record<string, string> {
  const filled = records.flatMap((record) =>
    Object.entries(record.outputs).filter(([, value]) => value !== ""),
  );
  const all = records.flatMap((record) => Object.entries(record.outputs));
  return Object.fromEntries([...all, ...filled]);
}

interface Plan {
  readonly run: RunContext;
  readonly model: JobModel;
  readonly needs: Readonly<Record<string, Value>>;
  readonly status: Status;
}

function legsOf({ run, model, needs, status }: Plan): { legs: Leg[]; failFast: boolean; atOnce: number } {
  const strategy = tokensOf(model.tokens.strategy);
  const scope = runScope(run, status, { needs });
  const legs = strategy.matrix ? expandMatrix(evaluateToken(strategy.matrix, scope)) : [{}];
  const limit = strategy["max-parallel"];
  const failFast = strategy["fail-fast"];
  return {
    legs,
    failFast: failFast ? evaluateBoolean(failFast, scope) : true,
    atOnce: limit ? evaluateNumber(limit, scope) : legs.length,
  };
}

async function runLegs(plan: Plan): Promise<Result> {
  const { run, model, needs, status } = plan;
  const { legs, failFast, atOnce } = legsOf(plan);
  const records = legs.map((_, index) => addJobRecord(run, model, index));
  const stops = legs.map(() => new AbortController());
  const waiting = legs.map((matrix, index) => ({ matrix, index }));
  const survivesCancel = () =>
    evaluateCondition(model.condition.source, runScope(run, status, { needs }), model.condition.allowed);
  const one = async (matrix: Leg, index: number) => {
    const [record, stop] = [records[index], stops[index]];
    if (!record || !stop || record.result !== null) return;
    const strategy = {
      "fail-fast": failFast,
      "job-index": index,
      "job-total": legs.length,
      "max-parallel": atOnce,
    };
    const result = await runLeg({ run, model, record, matrix, strategy, needs, stop, survivesCancel });
    if (result === "failure" && failFast) for (const other of stops) other.abort("cancelled");
  };
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await one(next.matrix, next.index);
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, legs.length) }, work));
  for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  return {
    result: combine(records.map((record) => record.result ?? "cancelled")),
    outputs: mergedOutputs(records),
  };
}

/** A single record for a job that comes to no legs. */
function endWithoutLegs(run: RunContext, model: JobModel, conclusion: RunConclusion, why?: string): Result {
  const record = addJobRecord(run, model, 0);
  if (why !== undefined) {
    run.host.store.startLog(record.job.id);
    logLine(run, record, `##[error]${why}`);
  }
  finishLeg(run, record, conclusion);
  return { result: conclusion, outputs: {} };
}

async function runOne(run: RunContext, model: JobModel, results: Results): Promise<Result> {
  const waitedFor = new Map<string, Result>();
  for (const id of ancestors(run.workflow, model.id)) {
    const result = await results.get(id);
    if (result) waitedFor.set(id, result);
  }
  if (run.host.closing.aborted) throw new ActionsClosed();
  const records = run.record.jobs.filter((record) => record.key === model.id);
  const [first] = records;
  // Skipped before a restart: nothing is to be decided again.
  if (first?.result === "skipped") return { result: "skipped", outputs: {} };
  const isCancelled = () => run.record.isCancelRequested;
  const outcomes = [...waitedFor.values()].map(({ result }) => result);
  const status: Status = {
    success: () => !isCancelled() && outcomes.every((result) => result === "success"),
    failure: () => outcomes.includes("failure"),
    cancelled: isCancelled,
  };
  const needs = Object.fromEntries(
    model.needs.map((id) => [
      id,
      { result: waitedFor.get(id)?.result ?? "skipped", outputs: waitedFor.get(id)?.outputs ?? {} },
    ]),
  );
  try {
    const isFinished = records.length > 0 && records.every((record) => record.result !== null);
    const scope = runScope(run, status, { needs });
    if (!isFinished && !evaluateCondition(model.condition.source, scope, model.condition.allowed)) {
      return endWithoutLegs(run, model, isCancelled() && first?.job.started_at ? "cancelled" : "skipped");
    }
    return await runLegs({ run, model, needs, status });
  } catch (error) {
    if (run.host.closing.aborted) throw error;
    return endWithoutLegs(run, model, "failure", error instanceof Error ? error.message : String(error));
  }
}

/** Runs all jobs, those that do not need one another at the same time. */
export async function runJobs(run: RunContext): Promise<RunConclusion> {
  const results = new Map<string, Promise<Result>>();
  const gates = run.workflow.jobs.map((model) => {
    const gate = Promise.withResolvers<Result>();
    results.set(model.id, gate.promise);
    return { model, gate };
  });
  for (const { model, gate } of gates) runOne(run, model, results).then(gate.resolve, gate.reject);
  // All of them, also when the embedded Actions shut down: nothing may go on behind the caller's back.
  await Promise.allSettled(results.values());
  const ended = await Promise.all([...results.values()].map((result) => result.then(({ result }) => result)));
  if (ended.every((result) => result === "skipped"))
    return run.record.isCancelRequested ? "cancelled" : "skipped";
  return run.record.isCancelRequested ? "cancelled" : combine(ended);
}
