// The embedded Actions: an executor of GitHub workflow files, run by GitHub's own parser and evaluator. This file is
// its entry: it puts the parts together, takes dispatches and answers questions about runs.
import { mkdirSync, realpathSync } from "node:fs";
import type {
  ActionsEvent,
  DispatchRequest,
  EmbeddedActions,
  EmbeddedActionsOptions,
  WorkflowRun,
} from "../types.ts";
import { openArtifactStore } from "./artifact-store.ts";
import { createConcurrency } from "./concurrency.ts";
import { dispatchInputs } from "./dispatch-inputs.ts";
import { machineEnvironment } from "./environment.ts";
import { evaluateString } from "./expressions.ts";
import { githubContext } from "./github-context.ts";
import type { Host } from "./job-context.ts";
import { killTracked } from "./orphans.ts";
import { startResultsService } from "./results-service.ts";
import { cancelRun, carryOutRun } from "./run.ts";
import { NO_STATUS, type RunContext, runScope } from "./run-context.ts";
import { addJobRecord } from "./run-jobs.ts";
import { findLauncherPrefix } from "./step-process.ts";
import { openStore, type RunRecord } from "./store.ts";
import { startWatchdog } from "./watchdog.ts";
import { loadWorkflow, type WorkflowModel } from "./workflow-model.ts";

export interface EmbeddedActionsSettings extends EmbeddedActionsOptions {
  /** Between SIGINT and SIGTERM, and between that and SIGKILL, when a step is cancelled. 2,000 if left out. */
  readonly cancelGraceMs?: number;
  /** The program's environment, of which steps get PATH, LANG and the like. Without it they get a standard PATH. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface EmbeddedActionsService extends EmbeddedActions {
  /** What the job's steps wrote to GITHUB_STEP_SUMMARY, masked. */
  summary(jobId: number): string;
}

type Listener<T> = (value: T) => void;

interface State {
  readonly host: Host;
  readonly records: Map<number, RunRecord>;
  readonly live: Map<number, RunContext>;
  readonly working: Set<Promise<void>>;
  readonly concurrency: RunContext["concurrency"];
  readonly eventListeners: Listener<ActionsEvent>[];
  readonly lineListeners: Listener<{ runId: number; job: string; text: string }>[];
}

/** A listener's own failure is not the run's: it is thrown where nobody is in the middle of something. */
function tell<T>(listeners: readonly Listener<T>[], value: T): void {
  for (const listener of listeners) {
    try {
      listener(value);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** Throws where the workflow does not have the event's trigger, or not the inputs. */
function eventInputs(workflow: WorkflowModel, { event, inputs, pull }: DispatchRequest) {
  if (event === "workflow_dispatch") return dispatchInputs(workflow, inputs);
  if (!("pull_request" in workflow.events))
    throw new Error("Workflow does not have 'pull_request' trigger; add it to `on`.");
  if (!pull) throw new Error("A run of 'pull_request' needs to know its pull request; give `pull`.");
  return {};
}

function openRun(state: State, record: RunRecord): RunContext {
  const { host } = state;
  const workflow = loadWorkflow(record.request.workflowText, record.request.workflowPath);
  const inputs = eventInputs(workflow, record.request);
  const { request, run } = record;
  const github = githubContext({ options: host.options, request, run, inputs });
  return {
    host,
    workflow,
    record,
    github,
    contexts: { github, inputs, vars: host.options.vars },
    concurrency: state.concurrency,
    active: new Map(),
    waiting: new AbortController(),
    emit: (event) => tell(state.eventListeners, event),
    line: (job, text) => tell(state.lineListeners, { runId: run.id, job, text }),
  };
}

function start(state: State, run: RunContext, isNew: boolean): void {
  const { id } = run.record.run;
  state.live.set(id, run);
  const work = carryOutRun(run, isNew).finally(() => {
    state.live.delete(id);
    state.working.delete(work);
  });
  state.working.add(work);
}

function newRun(state: State, request: DispatchRequest): WorkflowRun {
  const { store, options } = state.host;
  const at = new Date().toISOString();
  const id = store.nextId("run");
  const siblings = [...state.records.values()].filter(({ run }) => run.path === request.workflowPath);
  return {
    id,
    name: request.workflowPath,
    display_title: "",
    path: request.workflowPath,
    event: request.event,
    head_branch: request.ref,
    head_sha: request.pull?.headSha ?? request.sha,
    run_number: siblings.length + 1,
    run_attempt: request.attempt ?? 1,
    status: "queued",
    conclusion: null,
    created_at: at,
    updated_at: at,
    run_started_at: at,
    actor: { ...request.actor },
    html_url: `${options.serverUrl}/${options.repository}/actions/runs/${id}`,
  };
}

function dispatch(state: State, request: DispatchRequest): WorkflowRun {
  // Everything that can be refused is refused before an id is spent.
  const workflow = loadWorkflow(request.workflowText, request.workflowPath);
  eventInputs(workflow, request);
  const record: RunRecord = { run: newRun(state, request), request, jobs: [], isCancelRequested: false };
  record.run.name = workflow.name;
  const run = openRun(state, record);
  const title = workflow.tokens["run-name"];
  record.run.display_title =
    (title && evaluateString(title, runScope(run, NO_STATUS)).trim()) || request.pull?.title || workflow.name;
  for (const model of workflow.jobs) if (!model.tokens.strategy) addJobRecord(run, model, 0);
  state.host.store.saveRequest(record);
  state.host.store.save(record);
  state.records.set(record.run.id, record);
  start(state, run, true);
  return structuredClone(record.run);
}

function resume(state: State): void {
  const { artifacts, store } = state.host;
  killTracked(`embedded:${store.folder}:`);
  for (const record of state.records.values()) {
    if (record.run.status === "completed" || state.live.has(record.run.id)) continue;
    for (const { job, result } of record.jobs) {
      if (result !== null) continue;
      artifacts.removeOfJob(job.id);
      Object.assign(job, { status: "queued", conclusion: null, steps: [] });
    }
    store.save(record);
    start(state, openRun(state, record), false);
  }
}

async function idle(state: State): Promise<void> {
  while (state.working.size > 0) await Promise.all(state.working);
}

/** Several may run on one machine, each with a `dir` of its own. */
export async function startEmbeddedActions(
  settings: EmbeddedActionsSettings,
): Promise<EmbeddedActionsService> {
  const { cancelGraceMs = 2000, environment = {}, ...options } = settings;
  mkdirSync(options.dir, { recursive: true });
  const store = openStore(realpathSync(options.dir));
  const artifacts = openArtifactStore(store);
  const results = await startResultsService(artifacts);
  const watchdog = startWatchdog();
  const closing = new AbortController();
  const host: Host = {
    options,
    store,
    artifacts,
    results,
    launcher: { prefix: findLauncherPrefix(), watchdog },
    machineEnvironment: machineEnvironment(environment, options.nodePath),
    cancelGraceMs,
    closing: closing.signal,
  };
  const state: State = {
    host,
    records: new Map(store.loadAll().map((record) => [record.run.id, record])),
    live: new Map(),
    working: new Set(),
    concurrency: createConcurrency(),
    eventListeners: [],
    lineListeners: [],
  };
  const close = async () => {
    closing.abort();
    await idle(state);
    watchdog[Symbol.dispose]();
    await results[Symbol.asyncDispose]();
  };
  return answers(state, close);
}

function answers(state: State, close: () => Promise<void>): EmbeddedActionsService {
  const { store, artifacts } = state.host;
  return {
    dispatch: (request) => dispatch(state, request),
    runs: () => [...state.records.values()].map((record) => structuredClone(record.run)),
    jobs: (runId) => (state.records.get(runId)?.jobs ?? []).map((record) => structuredClone(record.job)),
    log: (jobId) => store.readLog(jobId),
    summary: (jobId) => store.readSummary(jobId),
    artifacts: (runId) => artifacts.list(runId),
    artifactZip: (id) => artifacts.zip(id),
    cancel: (runId) => {
      const run = state.live.get(runId);
      return run !== undefined && cancelRun(run);
    },
    resume: () => resume(state),
    idle: () => idle(state),
    onEvent: (listener) => state.eventListeners.push(listener),
    onLine: (listener) => state.lineListeners.push(listener),
    [Symbol.asyncDispose]: close,
  };
}
