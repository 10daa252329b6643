// What the embedded GitHub and the embedded Actions know of each other. Shapes that cross HTTP keep GitHub's own names.

export type JobPermissions = Readonly<Record<string, "read" | "write" | "none">>;

export type RunConclusion = "success" | "failure" | "cancelled" | "skipped";

/** A workflow run as GitHub's REST API shows it (the fields that are used). Times are ISO 8601. */
export interface WorkflowRun {
  readonly id: number;
  name: string;
  display_title: string;
  path: string;
  event: string;
  head_branch: string;
  head_sha: string;
  run_number: number;
  run_attempt: number;
  status: "queued" | "in_progress" | "completed";
  conclusion: RunConclusion | null;
  created_at: string;
  updated_at: string;
  run_started_at: string;
  actor: { login: string; id: number; type: string };
  html_url: string;
}

export interface WorkflowJob {
  readonly id: number;
  readonly run_id: number;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: RunConclusion | null;
  started_at: string | null;
  completed_at: string | null;
  steps: {
    name: string;
    number: number;
    status: "queued" | "in_progress" | "completed";
    conclusion: RunConclusion | null;
  }[];
}

/** `digest` is `sha256:` and the hash of the zip, as GitHub gives it. */
export interface WorkflowArtifact {
  readonly id: number;
  readonly run_id: number;
  readonly name: string;
  readonly size_in_bytes: number;
  readonly digest: string;
  readonly created_at: string;
}

/** What a run of `pull_request` knows of its pull request. */
export interface PullRequestEvent {
  readonly number: number;
  readonly title: string;
  readonly headSha: string;
  readonly baseRef: string;
  /** The webhook's own payload; `github.event` and the file at GITHUB_EVENT_PATH. */
  readonly payload: JsonValue;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface DispatchRequest {
  readonly workflowPath: string;
  readonly workflowText: string;
  readonly event: "workflow_dispatch" | "pull_request";
  readonly inputs: Readonly<Record<string, string>>;
  /** The branch, without `refs/heads/`; of a pull request its own branch. */
  readonly ref: string;
  /** What is checked out; of a pull request the merge with its base. */
  readonly sha: string;
  /** For `pull_request`, and for it alone. */
  readonly pull?: PullRequestEvent;
  readonly actor: { login: string; id: number; type: string };
  /** 1 unless a person re-ran it. */
  readonly attempt?: number;
}

export interface ActionsEvent {
  readonly event: "workflow_run" | "workflow_job";
  readonly action: "requested" | "in_progress" | "completed" | "queued";
  readonly run: WorkflowRun;
  readonly job?: WorkflowJob;
}

export interface EmbeddedActions extends AsyncDisposable {
  /** Starts a run and returns at once. Inputs that the workflow does not declare are refused with an `Error`. */
  dispatch(request: DispatchRequest): WorkflowRun;
  runs(): readonly WorkflowRun[];
  jobs(runId: number): readonly WorkflowJob[];
  /** The job's log, secrets masked. */
  log(jobId: number): string;
  artifacts(runId?: number): readonly WorkflowArtifact[];
  /** The zip's bytes, `undefined` where there is no such artifact. */
  artifactZip(id: number): Buffer | undefined;
  /** False where the run is over or unknown. Jobs with `if: always()` still run, as on GitHub. */
  cancel(runId: number): boolean;
  /** Takes up the runs that a killed process left: finished jobs keep their results, unfinished ones start again. */
  resume(): void;
  /** Resolves when no run is queued or in progress. */
  idle(): Promise<void>;
  onEvent(listener: (event: ActionsEvent) => void): void;
  /** Every line a job prints, masked, for showing progress. */
  onLine(listener: (line: { runId: number; job: string; text: string }) => void): void;
}

export interface EmbeddedActionsOptions {
  /** Where runs, logs, artifacts and workspaces are kept; made if missing. All state survives a `kill -9`. */
  readonly dir: string;
  readonly repository: string;
  /** Without a trailing slash. REST is at `/api/v3`, GraphQL at `/api/graphql`, git at `/owner/name.git`. */
  readonly serverUrl: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** Our own action: `owner/name` (the part of `uses` before `@`) to the folder that holds its `action.yml`. */
  readonly localActions: Readonly<Record<string, string>>;
  /** The Node that runs `using: node24`. */
  readonly nodePath: string;
  /** A token limited to `permissions`; it must stop working when `revokeToken` is called. */
  mintToken(job: { runId: number; job: string; permissions: JobPermissions }): string;
  revokeToken(token: string): void;
}
