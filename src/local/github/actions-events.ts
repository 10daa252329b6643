// Events of the embedded Actions become `workflow_run` and `workflow_job` webhooks.
import type { ActionsEvent } from "../types.ts";
import { emit, type Forge } from "./forge.ts";
import type { Identity } from "./identity.ts";
import { showJob, showRun, showWorkflow } from "./show-actions.ts";

export async function emitActions(forge: Forge, event: ActionsEvent): Promise<void> {
  const { run, job, action } = event;
  const account = forge.accounts.find(run.actor.login) ?? forge.accounts.get(forge.owner);
  const identity: Identity = { kind: "user", login: account.login, role: account.role };
  if (event.event === "workflow_run") {
    const workflow = showWorkflow(forge, run.path, run.name);
    await emit(forge, "workflow_run", identity, {
      action,
      workflow_run: await showRun(forge, run),
      workflow,
    });
  } else if (job) {
    const shown = showJob(forge, run, job);
    await emit(forge, "workflow_job", identity, { action, workflow_job: shown });
  }
}
