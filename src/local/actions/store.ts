// Runs, jobs and logs as files under one folder. Every write is a rename, so a kill at any moment leaves either the
// old state or the new one. Decides nothing about what a state means.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { DispatchRequest, RunConclusion, WorkflowJob, WorkflowRun } from "../types.ts";

export interface JobRecord {
  readonly job: WorkflowJob;
  /** The key under `jobs:`. */
  readonly key: string;
  /** The place in the matrix; 0 without one. */
  readonly leg: number;
  /** What `needs` sees: differs from the job's conclusion under `continue-on-error`. */
  result: RunConclusion | null;
  outputs: Readonly<Record<string, string>>;
}

export interface RunRecord {
  readonly run: WorkflowRun;
  readonly request: DispatchRequest;
  readonly jobs: JobRecord[];
  isCancelRequested: boolean;
}

export interface Store {
  readonly folder: string;
  nextId(kind: "run" | "job" | "artifact"): number;
  saveRequest(record: RunRecord): void;
  save(record: RunRecord): void;
  loadAll(): RunRecord[];
  /** The job's own folder for workspace, temp and home; the caller makes and removes it. */
  jobFolder(runId: number, jobId: number): string;
  startLog(jobId: number): void;
  appendLog(jobId: number, text: string): void;
  readLog(jobId: number): string;
  appendSummary(jobId: number, text: string): void;
  readSummary(jobId: number): string;
}

/** Replaces `path` in one step; readers see the old content or the new, never a part. */
export function writeFileAtomically(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

type Counters = Record<"run" | "job" | "artifact", number>;

function createCounter(path: string): Store["nextId"] {
  const counters: Counters = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : { run: 0, job: 0, artifact: 0 };
  return (kind) => {
    counters[kind] += 1;
    writeFileAtomically(path, JSON.stringify(counters));
    return counters[kind];
  };
}

export function openStore(folder: string): Store {
  const runs = join(folder, "runs");
  const logs = join(folder, "logs");
  for (const path of [runs, logs]) mkdirSync(path, { recursive: true });
  const file = (runId: number, name: string) => join(runs, String(runId), name);
  const log = (jobId: number) => join(logs, `${jobId}.log`);
  const summary = (jobId: number) => join(logs, `${jobId}.summary.md`);
  const loadAll = () =>
    readdirSync(runs)
      .map(Number)
      .sort((a, b) => a - b)
      .filter((id) => existsSync(file(id, "state.json")))
      .map((id): RunRecord => {
        const request: DispatchRequest = JSON.parse(readFileSync(file(id, "request.json"), "utf8"));
        return { ...JSON.parse(readFileSync(file(id, "state.json"), "utf8")), request };
      });
  return {
    folder,
    nextId: createCounter(join(folder, "counters.json")),
    saveRequest: ({ run, request }) =>
      writeFileAtomically(file(run.id, "request.json"), JSON.stringify(request)),
    save: ({ run, jobs, isCancelRequested }) =>
      writeFileAtomically(file(run.id, "state.json"), JSON.stringify({ run, jobs, isCancelRequested })),
    loadAll,
    jobFolder: (runId, jobId) => file(runId, `job-${jobId}`),
    startLog: (jobId) => {
      writeFileSync(log(jobId), "");
      rmSync(summary(jobId), { force: true });
    },
    appendLog: (jobId, text) => appendFileSync(log(jobId), text),
    readLog: (jobId) => readText(log(jobId)),
    appendSummary: (jobId, text) => appendFileSync(summary(jobId), text),
    readSummary: (jobId) => readText(summary(jobId)),
  };
}
