// An action that Node runs, by its `action.yml`: inputs, pre, main and post.
import { join } from "node:path";
import type { ActionModel, JavaScriptAction } from "./action-model.ts";
import { evaluateString, type Scope } from "./expressions.ts";
import type { Executed, JobContext, StepCall } from "./job-context.ts";
import { type CommandCall, runCommand } from "./step-command.ts";

/** Given and default values by the id in `action.yml`. An input that the action does not have is refused. */
export function actionInputs(
  action: Pick<ActionModel, "name" | "inputs">,
  given: Readonly<Record<string, string>>,
  scope: Scope,
): Record<string, string> {
  const lower = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of lower.keys()) {
    if (action.inputs.some((input) => input.id.toLowerCase() === name)) continue;
    const known = action.inputs.map((input) => input.id).join(", ");
    throw new Error(`Unexpected input '${name}' for ${action.name}; valid inputs are: ${known || "none"}.`);
  }
  return Object.fromEntries(
    action.inputs.map((input) => {
      const fallback = () => (input.default ? evaluateString(input.default, scope) : "");
      return [input.id, lower.get(input.id.toLowerCase()) ?? fallback()];
    }),
  );
}

/** Only JavaScript actions reach the artifact service: `run` steps get neither its address nor its token. */
function runtimeVariables(job: JobContext): Record<string, string> {
  const { results } = job.host;
  return {
    ACTIONS_RUNTIME_TOKEN: results.runtimeToken(job.runId, job.jobId),
    ACTIONS_RUNTIME_URL: `${results.url}/`,
    ACTIONS_RESULTS_URL: `${results.url}/`,
  };
}

interface JavaScriptCall extends CommandCall {
  readonly action: JavaScriptAction;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly state: Record<string, string>;
}

export function runEntry(call: JavaScriptCall, entry: string): Promise<Executed> {
  const { action, inputs, state, job } = call;
  const named = (prefix: string, values: Readonly<Record<string, string>>, name: (key: string) => string) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}_${name(key)}`, value]));
  return runCommand(call, {
    argv: [job.host.options.nodePath, join(action.folder, entry)],
    cwd: job.folders.workspace,
    env: {
      ...call.env,
      ...named("INPUT", inputs, (key) => key.replaceAll(" ", "_").toUpperCase()),
      ...named("STATE", state, (key) => key),
      ...runtimeVariables(job),
    },
    state,
  });
}

export async function runJavaScriptAction(
  call: StepCall,
  action: JavaScriptAction,
  inputs: Readonly<Record<string, string>>,
): Promise<Executed> {
  const { job, list, step, env, github } = call;
  const key = `${list.depth}/${step.id}`;
  const state = job.states.get(key) ?? {};
  job.states.set(key, state);
  const { post } = action;
  if (post !== undefined) {
    const run = (signal: AbortSignal) => runEntry({ job, github, signal, action, inputs, env, state }, post);
    job.posts.push({ name: `Post ${action.name}`, condition: action.postIf, run });
  }
  return runEntry({ ...call, action, inputs, state }, action.main);
}
