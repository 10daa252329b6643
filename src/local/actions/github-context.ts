// The `github` context of a run, and the event's payload in it. Token and workspace are the job's to add.
import type { DispatchRequest, EmbeddedActionsOptions, WorkflowRun } from "../types.ts";
import type { Value } from "./expressions.ts";

interface GithubContextRequest {
  readonly options: Pick<EmbeddedActionsOptions, "repository" | "serverUrl">;
  readonly request: DispatchRequest;
  readonly run: WorkflowRun;
  readonly inputs: Readonly<Record<string, Value>>;
}

export function githubContext({
  options,
  request,
  run,
  inputs,
}: GithubContextRequest): Readonly<Record<string, Value>> {
  const { repository, serverUrl } = options;
  const [owner = "", name = ""] = repository.split("/");
  const { pull, actor } = request;
  const ref = pull ? `refs/pull/${pull.number}/merge` : `refs/heads/${request.ref}`;
  const dispatched = {
    // The payload has every input, defaults too, as text; the `inputs` context has their types.
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)])),
    ref,
    workflow: request.workflowPath,
    repository: {
      name,
      full_name: repository,
      owner: { login: owner },
      html_url: `${serverUrl}/${repository}`,
    },
    sender: { login: actor.login, id: actor.id, type: actor.type },
  };
  return {
    event_name: request.event,
    event: pull ? pull.payload : dispatched,
    action: "",
    actor: actor.login,
    actor_id: String(actor.id),
    triggering_actor: actor.login,
    api_url: `${serverUrl}/api/v3`,
    graphql_url: `${serverUrl}/api/graphql`,
    server_url: serverUrl,
    base_ref: pull?.baseRef ?? "",
    head_ref: pull ? request.ref : "",
    ref,
    ref_name: ref.replace(/^refs\/(?:heads|pull)\//, ""),
    ref_protected: false,
    ref_type: "branch",
    repository,
    repository_owner: owner,
    repositoryUrl: `${serverUrl}/${repository}.git`,
    retention_days: "90",
    run_id: String(run.id),
    run_number: String(run.run_number),
    run_attempt: String(run.run_attempt),
    secret_source: "Actions",
    sha: request.sha,
    workflow: run.name,
    workflow_ref: `${repository}/${request.workflowPath}@${ref}`,
    workflow_sha: request.sha,
  };
}
