// For tests: an `EmbeddedActions` that runs nothing. A dispatched run goes on when the test says so.
import type {
  ActionsEvent,
  DispatchRequest,
  EmbeddedActions,
  WorkflowArtifact,
  WorkflowJob,
  WorkflowRun,
} from "../types.ts";

export interface FakeActions extends EmbeddedActions {
  readonly dispatched: DispatchRequest[];
  /** Ends a run with one successful job and one artifact, telling of each step. */
  finish(runId: number): void;
}

const ZIP = Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64");

export function fakeActions(): FakeActions {
  const runs: WorkflowRun[] = [];
  const jobs: WorkflowJob[] = [];
  const dispatched: DispatchRequest[] = [];
  const listeners: ((event: ActionsEvent) => void)[] = [];
  const tell = (event: ActionsEvent) => {
    for (const listener of listeners) listener(event);
  };
  return {
    dispatched,
    dispatch(request) {
      dispatched.push(request);
      const run = newRun(runs.length + 1, request);
      runs.push(run);
      tell({ event: "workflow_run", action: "requested", run });
      return run;
    },
    finish(runId) {
      const run = runs.find(({ id }) => id === runId);
      if (!run) throw new Error(`no run ${runId}`);
      Object.assign(run, { status: "in_progress" });
      tell({ event: "workflow_run", action: "in_progress", run });
      const job = newJob(100 + runId, run);
      jobs.push(job);
      tell({ event: "workflow_job", action: "completed", run, job });
      Object.assign(run, { status: "completed", conclusion: "success" });
      tell({ event: "workflow_run", action: "completed", run });
    },
    runs: () => runs,
    jobs: (runId) => jobs.filter((job) => job.run_id === runId),
    log: (jobId) => `log of ${jobId}`,
    artifacts: (runId) => jobs.filter((job) => runId === undefined || job.run_id === runId).map(artifactOf),
    artifactZip: (id) => (jobs.some((job) => 500 + job.run_id === id) ? ZIP : undefined),
    cancel(runId) {
      const run = runs.find(({ id }) => id === runId);
      if (!run || run.status === "completed") return false;
      Object.assign(run, { status: "completed", conclusion: "cancelled" });
      return true;
    },
    resume() {},
    idle: async () => undefined,
    onEvent: (listener) => {
      listeners.push(listener);
    },
    onLine() {},
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function artifactOf({ run_id }: WorkflowJob): WorkflowArtifact {
  const created_at = "2026-01-02T03:04:05Z";
  return {
    id: 500 + run_id,
    run_id,
    name: "verdict",
    size_in_bytes: ZIP.length,
    digest: "sha256:0",
    created_at,
  };
}

function newRun(id: number, request: DispatchRequest): WorkflowRun {
  const at = `2026-01-${String(id).padStart(2, "0")}T00:00:00Z`;
  return {
    id,
    name: "Harness",
    display_title: titleOf(request) ?? `agent-harness ${id}`,
    path: request.workflowPath,
    event: request.event,
    head_branch: request.ref,
    head_sha: request.sha,
    run_number: id,
    run_attempt: 1,
    status: "queued",
    conclusion: null,
    created_at: at,
    updated_at: at,
    run_started_at: at,
    actor: request.actor,
    html_url: `http://127.0.0.1/ada/demo/actions/runs/${id}`,
  };
}

/** The `run-name` of the shipped workflow, for a run that has its inputs. */
function titleOf({ inputs }: DispatchRequest): string | undefined {
  return inputs.task === undefined ? undefined : `agent-harness #${inputs.task} ${inputs.ticket}`;
}

function newJob(id: number, run: WorkflowRun): WorkflowJob {
  return {
    id,
    run_id: run.id,
    name: "settle",
    status: "completed",
    conclusion: "success",
    started_at: run.created_at,
    completed_at: run.created_at,
    steps: [],
  };
}
