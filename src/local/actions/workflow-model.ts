// Reads a workflow file with GitHub's own parser and converters into the jobs and steps that are run here.
// Refuses what the embedded Actions do not carry out; evaluates nothing.
import { isMapping, isSequence, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { convertConcurrency } from "@actions/workflow-parser/model/converter/concurrency";
import { convertOn } from "@actions/workflow-parser/model/converter/events";
import { convertJobs } from "@actions/workflow-parser/model/converter/jobs";
import type { EventsConfig, Step, WorkflowJob } from "@actions/workflow-parser/model/workflow-template";
import type { TemplateContext } from "@actions/workflow-parser/templates/template-context";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";

export type Tokens = Readonly<Record<string, TemplateToken>>;

interface Condition {
  readonly source: string;
  /** The contexts and functions that the schema allows here; `undefined` where GitHub supplied the condition. */
  readonly allowed: readonly string[] | undefined;
}

export interface StepModel {
  readonly id: string;
  readonly hasOwnId: boolean;
  readonly condition: Condition;
  readonly tokens: Tokens;
}

export interface JobModel {
  readonly id: string;
  readonly needs: readonly string[];
  readonly condition: Condition;
  readonly tokens: Tokens;
  readonly steps: readonly StepModel[];
}

export interface WorkflowModel {
  readonly name: string;
  readonly path: string;
  readonly tokens: Tokens;
  readonly events: EventsConfig;
  readonly jobs: readonly JobModel[];
}

export class WorkflowInvalid extends Error {
  readonly problems: readonly { message: string; line: number }[];
  constructor(path: string, problems: readonly { message: string; line: number }[]) {
    super(problems.map((problem) => `${path}:${problem.line}: ${problem.message}`).join("\n"));
    this.name = "WorkflowInvalid";
    this.problems = problems;
  }
}

const WORKFLOW_KEYS = "name run-name description on permissions env defaults concurrency jobs".split(" ");
const JOB_KEYS =
  "name needs if strategy runs-on timeout-minutes continue-on-error env permissions concurrency outputs defaults steps";
const STEP_KEYS = "id name if uses with run env shell working-directory continue-on-error timeout-minutes";
const STRATEGY_KEYS = "matrix fail-fast max-parallel";
const CONCURRENCY_KEYS = "group cancel-in-progress";

export function tokensOf(token: TemplateToken | undefined): Tokens {
  if (!token || !isMapping(token)) return {};
  return Object.fromEntries([...token].map(({ key, value }) => [key.toString(), value]));
}

function refuseUnknown(
  context: TemplateContext,
  token: TemplateToken | undefined,
  allowed: readonly string[],
): void {
  if (!token || !isMapping(token)) return;
  for (const { key } of token) {
    if (allowed.includes(key.toString())) continue;
    context.error(
      key,
      new Error(`\`${key.toString()}\` is not supported by the embedded Actions; remove it.`),
    );
  }
}

/** `steps` as converted and as written: the converter drops `with`, `shell` and the timeouts. */
export function stepModels(
  steps: readonly Step[],
  written: TemplateToken | undefined,
  context: TemplateContext,
): StepModel[] {
  const items = written && isSequence(written) ? [...written] : [];
  if (items.length !== steps.length) return [];
  return steps.map((step, index) => {
    const item = items[index];
    refuseUnknown(context, item, STEP_KEYS.split(" "));
    const tokens = tokensOf(item);
    return {
      id: step.id,
      hasOwnId: tokens.id !== undefined,
      condition: {
        source: step.if?.expression ?? "success()",
        allowed: step.if?.definitionInfo?.allowedContext,
      },
      tokens,
    };
  });
}

const LINUX = /^(ubuntu-[\w.-]+|self-hosted|linux|x64|arm64)$/i;

function refuseOtherSystems(context: TemplateContext, token: TemplateToken | undefined): void {
  const labels = !token ? [] : isSequence(token) ? [...token] : [token];
  for (const label of labels) {
    if (label.isExpression || ("value" in label && LINUX.test(String(label.value)))) continue;
    context.error(
      label,
      new Error("`runs-on`: the embedded Actions run ubuntu-* and self-hosted Linux jobs only."),
    );
  }
}

function jobModel(job: WorkflowJob, written: TemplateToken | undefined, context: TemplateContext): JobModel {
  const tokens = tokensOf(written);
  refuseUnknown(context, written, JOB_KEYS.split(" "));
  refuseUnknown(context, tokens.strategy, STRATEGY_KEYS.split(" "));
  refuseUnknown(context, tokens.concurrency, CONCURRENCY_KEYS.split(" "));
  refuseOtherSystems(context, tokens["runs-on"]);
  return {
    id: job.id.value,
    needs: (job.needs ?? []).map((need) => need.value),
    condition: { source: job.if.expression, allowed: job.if.definitionInfo?.allowedContext },
    tokens,
    steps: job.type === "job" ? stepModels(job.steps, tokens.steps, context) : [],
  };
}

function convert(context: TemplateContext, root: TemplateToken, path: string): WorkflowModel {
  const tokens = tokensOf(root);
  refuseUnknown(context, root, WORKFLOW_KEYS);
  if (tokens.concurrency) {
    convertConcurrency(context, tokens.concurrency);
    refuseUnknown(context, tokens.concurrency, CONCURRENCY_KEYS.split(" "));
  }
  const events: EventsConfig = tokens.on ? convertOn(context, tokens.on) : {};
  const written = tokensOf(tokens.jobs);
  const converted: WorkflowJob[] = tokens.jobs ? convertJobs(context, tokens.jobs) : [];
  return {
    name: tokens.name?.assertString("name").value ?? path,
    path,
    tokens,
    events,
    jobs: converted.map((job) => jobModel(job, written[job.id.value], context)),
  };
}

/** Throws `WorkflowInvalid` with every problem found, each with its line. */
export function loadWorkflow(text: string, path: string): WorkflowModel {
  const { context, value } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter());
  let model: WorkflowModel | undefined;
  // A file that GitHub's schema refuses makes the converters fail on what is missing: report the schema's words only.
  if (value && context.errors.count === 0) {
    try {
      model = convert(context, value, path);
    } catch (error) {
      context.error(value, error);
    }
  }
  const problems = context.errors
    .getErrors()
    .map((error) => ({ message: error.rawMessage, line: error.range?.start.line ?? 1 }));
  if (problems.length > 0 || !model) throw new WorkflowInvalid(path, problems);
  return model;
}
