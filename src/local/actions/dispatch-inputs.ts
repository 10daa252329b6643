// Checks the inputs of a dispatch against `on.workflow_dispatch.inputs` and gives them their declared types.
import { isMapping } from "@actions/workflow-parser";
import type { Value } from "./expressions.ts";
import { tokensOf, type WorkflowModel } from "./workflow-model.ts";

interface Declared {
  readonly type: string;
  readonly required: boolean;
  readonly default: string | undefined;
  readonly options: readonly string[];
}

function declaredInputs(workflow: WorkflowModel): Map<string, Declared> {
  const inputs = tokensOf(tokensOf(tokensOf(workflow.tokens.on).workflow_dispatch).inputs);
  return new Map(
    Object.entries(inputs).map(([name, token]) => {
      const parts = isMapping(token) ? tokensOf(token) : {};
      const text = (key: string) => parts[key]?.assertScalar(key).toString();
      return [
        name,
        {
          type: text("type") ?? "string",
          required: text("required") === "true",
          default: text("default"),
          options: workflow.events.workflow_dispatch?.inputs?.[name]?.options ?? [],
        },
      ];
    }),
  );
}

function typed(name: string, given: string | undefined, declared: Declared): Value {
  const value = given ?? declared.default;
  if (declared.required && (value === undefined || value === "")) {
    throw new Error(`Required input '${name}' not provided; add it to \`inputs\`.`);
  }
  switch (declared.type) {
    case "boolean":
      if (value === undefined || value === "true" || value === "false") return value === "true";
      throw new Error(`Input '${name}': expected true or false, found '${value}'.`);
    case "number":
      if (value === undefined || value === "") return 0;
      if (Number.isFinite(Number(value))) return Number(value);
      throw new Error(`Input '${name}': expected a number, found '${value}'.`);
    case "choice": {
      const choice = value ?? declared.options[0] ?? "";
      if (declared.options.includes(choice)) return choice;
      throw new Error(`Provided value '${choice}' for input '${name}' not in the list of allowed values.`);
    }
    case "string":
      return value ?? "";
    default:
      throw new Error(
        `Input '${name}': the type '${declared.type}' is not supported by the embedded Actions.`,
      );
  }
}

/** The `inputs` context. Throws an `Error` in GitHub's words where the dispatch does not fit the workflow. */
export function dispatchInputs(
  workflow: WorkflowModel,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, Value>> {
  if (!("workflow_dispatch" in workflow.events)) {
    throw new Error("Workflow does not have 'workflow_dispatch' trigger; add it to `on`.");
  }
  const declared = declaredInputs(workflow);
  const unexpected = Object.keys(given).filter((name) => !declared.has(name));
  if (unexpected.length > 0) {
    throw new Error(
      `Unexpected inputs provided: ${JSON.stringify(unexpected)}; declare them or leave them out.`,
    );
  }
  return Object.fromEntries([...declared].map(([name, one]) => [name, typed(name, given[name], one)]));
}
