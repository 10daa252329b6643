// The life of one workflow run: its own group, its jobs, its conclusion; and how it is cancelled.
import type { RunConclusion } from "../types.ts";
import { concurrencyRequest } from "./concurrency.ts";
import { announce, logLine, NO_STATUS, type RunContext, runScope, save } from "./run-context.ts";
import { runJobs } from "./run-jobs.ts";
import { finishLeg } from "./run-leg.ts";

/** Waits for the workflow's own group; `undefined` where the run was cancelled before its turn. */
async function enterGroup(run: RunContext): Promise<(() => void) | undefined> {
  const wanted = concurrencyRequest(run.workflow.tokens.concurrency, runScope(run, NO_STATUS));
  if (!wanted) return () => {};
  const entering = run.concurrency.enter({ ...wanted, cancel: () => cancelRun(run) });
  const stopped = new Promise<undefined>((resolve) => {
    for (const signal of [run.waiting.signal, run.host.closing])
      signal.addEventListener("abort", () => resolve(undefined));
  });
  const leave = await Promise.race([entering, stopped]);
  if (!leave) void entering.then((late) => late?.());
  return leave;
}

/** False where the run is over. Jobs whose `if` still holds go on, as on GitHub. */
export function cancelRun(run: RunContext): boolean {
  if (run.record.run.status === "completed") return false;
  run.record.isCancelRequested = true;
  save(run);
  run.waiting.abort();
  for (const { stop, survivesCancel } of run.active.values()) if (!survivesCancel()) stop.abort("cancelled");
  return true;
}

function finish(run: RunContext, conclusion: RunConclusion): void {
  run.record.run.status = "completed";
  run.record.run.conclusion = conclusion;
  announce(run, "workflow_run", "completed");
}

/** Runs to the end, or until the embedded Actions shut down (then the record stays unfinished). */
export async function carryOutRun(run: RunContext, isNew: boolean): Promise<void> {
  let leave: (() => void) | undefined;
  try {
    // The caller has the run in hand before it hears of it.
    await Promise.resolve();
    if (isNew) announce(run, "workflow_run", "requested");
    leave = await enterGroup(run);
    if (run.host.closing.aborted) return;
    if (!leave) {
      for (const record of run.record.jobs) if (record.result === null) finishLeg(run, record, "cancelled");
      finish(run, "cancelled");
      return;
    }
    if (run.record.run.status === "queued") {
      run.record.run.status = "in_progress";
      announce(run, "workflow_run", "in_progress");
    }
    finish(run, await runJobs(run));
  } catch (error) {
    if (run.host.closing.aborted) return;
    // The run cannot go on (its own group could not be evaluated, say): it ends, and every job's log says why.
    for (const record of run.record.jobs.filter(({ result }) => result === null)) {
      logLine(run, record, `##[error]${error instanceof Error ? error.message : String(error)}`);
      finishLeg(run, record, "failure");
    }
    finish(run, "failure");
  } finally {
    leave?.();
  }
}
