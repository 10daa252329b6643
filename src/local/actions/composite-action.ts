// An action made of steps. They have their own `steps`, `inputs` and status, and nothing of the caller's secrets.
import type { CompositeAction } from "./action-model.ts";
import { evaluateString } from "./expressions.ts";
import { type Executed, interrupted, type StepCall, type StepList, stepScope } from "./job-context.ts";

const DEEPEST = 10;

export async function runCompositeAction(
  call: StepCall,
  action: CompositeAction,
  inputs: Readonly<Record<string, string>>,
): Promise<Executed> {
  const { job, list } = call;
  if (list.depth >= DEEPEST)
    throw new Error(`Composite actions are nested over ${DEEPEST} deep; flatten them.`);
  const inner: StepList = {
    steps: {},
    contexts: { inputs },
    github: call.github,
    variables: { ...list.variables, ...call.stepEnv },
    depth: list.depth + 1,
    signal: call.signal,
    hasFailed: false,
  };
  for (const step of action.steps) await call.runStep(job, step, inner);
  const scope = stepScope(job, inner, call.env);
  const outputs = Object.fromEntries(
    action.outputs.map(({ id, value }) => [id, evaluateString(value, scope)]),
  );
  if (call.signal.aborted) return { outcome: interrupted(call.signal), outputs };
  return { outcome: inner.hasFailed ? "failure" : "success", outputs };
}
