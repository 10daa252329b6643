// One workflow run while it is alive: its model, its record, and how its changes are saved and told.
import type { ActionsEvent } from "../types.ts";
import type { Concurrency } from "./concurrency.ts";
import { hostFunctions, type Scope, type Status, type Value } from "./expressions.ts";
import type { Host } from "./job-context.ts";
import type { JobRecord, RunRecord } from "./store.ts";
import type { WorkflowModel } from "./workflow-model.ts";

export interface RunContext {
  readonly host: Host;
  readonly workflow: WorkflowModel;
  readonly record: RunRecord;
  /** `github`, `inputs` and `vars`. */
  readonly contexts: Readonly<Record<string, Value>>;
  readonly github: Readonly<Record<string, Value>>;
  readonly concurrency: Concurrency;
  /** The jobs that wait for a group or run, with what ends each. */
  readonly active: Map<JobRecord, ActiveJob>;
  /** Aborted when the run is cancelled while it waits for its own group. */
  readonly waiting: AbortController;
  emit(event: ActionsEvent): void;
  line(job: string, text: string): void;
}

interface ActiveJob {
  readonly stop: AbortController;
  /** Whether the job's `if` still holds now that the run is cancelled. */
  survivesCancel(): boolean;
}

export function runScope(run: RunContext, status: Status, more: Readonly<Record<string, Value>> = {}): Scope {
  return { contexts: { ...run.contexts, ...more }, functions: hostFunctions(status) };
}

export const NO_STATUS: Status = { success: () => true, failure: () => false, cancelled: () => false };

/** Saves first, then tells: what was announced is known after a crash. Does neither once closing. */
export function announce(
  run: RunContext,
  event: ActionsEvent["event"],
  action: ActionsEvent["action"],
  job?: JobRecord,
): void {
  if (run.host.closing.aborted) return;
  save(run);
  const shown = structuredClone(run.record.run);
  run.emit(
    job ? { event, action, run: shown, job: structuredClone(job.job) } : { event, action, run: shown },
  );
}

export function save(run: RunContext): void {
  if (run.host.closing.aborted) return;
  run.record.run.updated_at = new Date().toISOString();
  run.host.store.save(run.record);
}

/** One more line of the job's log, already masked. */
export function logLine(run: RunContext, record: JobRecord, text: string): void {
  if (run.host.closing.aborted) return;
  run.host.store.appendLog(record.job.id, `${text}\n`);
  run.line(record.job.name, text);
}
