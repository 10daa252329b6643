// Reads an action's `action.yml` with GitHub's own parser: JavaScript and composite actions.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { convertActionTemplate } from "@actions/workflow-parser/actions/action-template";
import type { TemplateContext } from "@actions/workflow-parser/templates/template-context";
import type { ScalarToken } from "@actions/workflow-parser/templates/tokens/scalar-token";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { type StepModel, stepModels, tokensOf } from "./workflow-model.ts";

interface ActionBase {
  readonly folder: string;
  readonly name: string;
  readonly inputs: readonly { id: string; default: TemplateToken | undefined }[];
}

export interface JavaScriptAction extends ActionBase {
  readonly using: "javascript";
  readonly main: string;
  readonly pre: string | undefined;
  readonly preIf: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

export interface CompositeAction extends ActionBase {
  readonly using: "composite";
  readonly steps: readonly StepModel[];
  readonly outputs: readonly { id: string; value: ScalarToken }[];
}

export type ActionModel = JavaScriptAction | CompositeAction;

function refuse(context: TemplateContext): never {
  const problems = context.errors.getErrors().map((error) => error.message);
  throw new Error(problems.join("\n") || "The action's file is empty; describe the action in it.");
}

function readTemplate(folder: string) {
  const file = ["action.yml", "action.yaml"]
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (!file) {
    throw new Error(
      `Can't find 'action.yml' or 'action.yaml' under '${folder}'. Did you forget to run actions/checkout?`,
    );
  }
  const content = readFileSync(file, "utf8");
  const { context, value } = parseAction({ name: file, content }, new NoOperationTraceWriter());
  if (!value || context.errors.count > 0) return refuse(context);
  const template = convertActionTemplate(context, value);
  if (context.errors.count > 0) return refuse(context);
  return { file, context, value, template };
}

/** Throws where `folder` has no readable action, or one that is neither node20, node24 nor composite. */
export function loadAction(folder: string): ActionModel {
  const { file, context, value, template } = readTemplate(folder);
  const inputs = (template.inputs ?? []).map((input) => ({ id: input.id, default: input.default }));
  const base = { folder, name: template.name, inputs };
  const { runs } = template;
  if (runs.using === "composite") {
    const steps = stepModels(runs.steps, tokensOf(tokensOf(value).runs).steps, context);
    if (context.errors.count > 0) return refuse(context);
    const outputs = (template.outputs ?? []).flatMap(({ id, value }) => (value ? [{ id, value }] : []));
    return { ...base, using: "composite", steps, outputs };
  }
  if (runs.using === "node20" || runs.using === "node24") {
    const { main, pre, post, preIf = "always()", postIf = "always()" } = runs;
    return { ...base, using: "javascript", main, pre, preIf, post, postIf };
  }
  throw new Error(
    `${file}: \`runs.using: ${runs.using}\` is not supported; use node24, node20 or composite.`,
  );
}
