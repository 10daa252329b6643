// The embedded GitHub's Actions where a row decides what a run did: runs are recorded as dispatched, jobs never start, and
// artifacts are what the row puts there.
import { zipSync } from "fflate";
import type {
  DispatchRequest,
  EmbeddedActions,
  WorkflowArtifact,
  WorkflowRun,
} from "../../src/local/types.ts";

export interface StagedActions extends EmbeddedActions {
  /** The runs themselves: a row may change them. */
  readonly staged: WorkflowRun[];
  /** Under a name that may be taken already. */
  put(runId: number, name: string, zip: Uint8Array): void;
  /** In the place of all that have the name. */
  replace(runId: number, name: string, zip: Uint8Array): void;
}

export function zipOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files));
}

export function stageActions(): StagedActions {
  const staged: WorkflowRun[] = [];
  let artifacts: readonly { readonly shown: WorkflowArtifact; readonly zip: Buffer }[] = [];
  let lastId = 500;
  const put: StagedActions["put"] = (runId, name, zip) => {
    lastId += 1;
    const shown = {
      id: lastId,
      run_id: runId,
      name,
      size_in_bytes: zip.byteLength,
      digest: "sha256:0",
      created_at: new Date().toISOString(),
    };
    artifacts = [...artifacts, { shown, zip: Buffer.from(zip) }];
  };
  return {
    staged,
    put,
    replace(runId, name, zip) {
      artifacts = artifacts.filter(({ shown }) => shown.run_id !== runId || shown.name !== name);
      put(runId, name, zip);
    },
    dispatch(request) {
      const run = newRun(staged.length + 1, request);
      staged.push(run);
      return run;
    },
    runs: () => staged,
    jobs: () => [],
    log: () => "",
    artifacts: (runId) =>
      artifacts.map(({ shown }) => shown).filter(({ run_id }) => runId === undefined || run_id === runId),
    artifactZip: (id) => artifacts.find(({ shown }) => shown.id === id)?.zip,
    cancel: () => false,
    resume() {},
    idle: async () => undefined,
    onEvent() {},
    onLine() {},
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function newRun(id: number, { workflowPath, inputs, ref, sha, actor, event }: DispatchRequest): WorkflowRun {
  const at = new Date().toISOString();
  return {
    id,
    name: "agent-harness",
    display_title: `agent-harness #${inputs.task} ${inputs.ticket}`,
    path: workflowPath,
    event,
    head_branch: ref,
    head_sha: sha,
    run_number: id,
    run_attempt: 1,
    status: "queued",
    conclusion: null,
    created_at: at,
    updated_at: at,
    run_started_at: at,
    actor,
    html_url: `http://127.0.0.1/ada/demo/actions/runs/${id}`,
  };
}
