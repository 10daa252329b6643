// Lints a workflow file with GitHub's own language service and parser. The house's rules are in `policy.ts`.
import { DescriptionDictionary, data } from "@actions/expressions";
import { registerLogger, type ValidationConfig, validate } from "@actions/languageservice";
import { type ActionMetadata, parseActionReference } from "@actions/languageservice/action";
import { clearCacheEntry } from "@actions/languageservice/utils/workflow-cache";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { convertActionTemplate } from "@actions/workflow-parser/actions/action-template";
import type { Step } from "@actions/workflow-parser/model/workflow-template";
import { TextDocument } from "vscode-languageserver-textdocument";
import { thirdPartyMetadata } from "./action-metadata.ts";
import { loadWorkflow, WorkflowInvalid } from "./workflow-model.ts";

export interface Finding {
  /** `github` (language service), `parser`, `action`, or the name of a house rule. */
  readonly rule: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

type Metadata = ReadonlyMap<string, ActionMetadata>;

function ownMetadata(name: string, text: string): ActionMetadata {
  const { context, value } = parseAction({ name: "action.yml", content: text }, new NoOperationTraceWriter());
  const template = value && context.errors.count === 0 ? convertActionTemplate(context, value) : undefined;
  const [problem] = context.errors.getErrors();
  if (!template || problem)
    throw new Error(`The action.yml of ${name}: ${problem?.message ?? "nothing in it"}`);
  const inputs = (template.inputs ?? []).map((input) => [
    input.id,
    {
      description: "",
      required: input.required === true,
      ...(input.default ? { default: input.default.toString() } : {}),
    },
  ]);
  const outputs = (template.outputs ?? []).map(({ id }) => [id, { description: "" }]);
  return {
    name,
    description: "",
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
  };
}

function findMetadata(own: Metadata, owner: string, name: string): ActionMetadata | undefined {
  const key = `${owner}/${name}`.toLowerCase();
  return own.get(key) ?? thirdPartyMetadata(key);
}

/** The outputs that a step's action has: without this the service takes any name for an output. */
function knownOutputs(own: Metadata, uses: string): DescriptionDictionary | undefined {
  const reference = parseActionReference(uses);
  const outputs = reference && findMetadata(own, reference.owner, reference.name)?.outputs;
  if (!outputs) return undefined;
  const dictionary = new DescriptionDictionary();
  for (const id of Object.keys(outputs)) dictionary.add(id, new data.StringData(""));
  dictionary.complete = true;
  return dictionary;
}

function withOutputs(
  known: DescriptionDictionary,
  steps: readonly Step[],
  own: Metadata,
): DescriptionDictionary {
  const uses = new Map(steps.flatMap((step) => ("uses" in step ? [[step.id, step.uses.value]] : [])));
  const pairs = known.pairs().map((pair) => {
    const outputs = knownOutputs(own, uses.get(pair.key) ?? "");
    if (!outputs || !("pairs" in pair.value)) return pair;
    const others = pair.value.pairs().filter(({ key }) => key !== "outputs");
    return { ...pair, value: new DescriptionDictionary(...others, { key: "outputs", value: outputs }) };
  });
  return new DescriptionDictionary(...pairs);
}

function configuration(own: Metadata): ValidationConfig {
  return {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name }) => findMetadata(own, owner, name),
    },
    contextProviderConfig: {
      // Nothing given for the others: the service then knows that it cannot know all secrets and variables.
      getContext: async (name, known, workflow) =>
        name === "steps" && known ? withOutputs(known, workflow.job?.steps ?? [], own) : undefined,
    },
  };
}

function plain(message: string | { value: string }): string {
  return typeof message === "string" ? message : message.value;
}

let documents = 0;

async function serviceFindings(text: string, path: string, own: Metadata): Promise<Finding[]> {
  documents += 1;
  // The service keeps what it parsed by address: each call has its own.
  const uri = `file:///lint-${documents}/${path}`;
  const failures: string[] = [];
  const quiet = () => {};
  // It swallows its own errors and would report a file that it could not read as clean.
  registerLogger({ error: (message) => failures.push(message), warn: quiet, info: quiet, log: quiet });
  const diagnostics = await validate(TextDocument.create(uri, "yaml", 1, text), configuration(own));
  clearCacheEntry(uri);
  return [
    ...failures.map((message) => ({ rule: "github", message, line: 1 })),
    ...diagnostics.map(({ message, range }) => ({
      rule: "github",
      message: plain(message),
      line: range.start.line + 1,
    })),
  ];
}

function parserFindings(text: string, path: string): Finding[] {
  try {
    loadWorkflow(text, path);
    return [];
  } catch (error) {
    if (!(error instanceof WorkflowInvalid)) throw error;
    return error.problems.map((problem) => ({ rule: "parser", ...problem }));
  }
}

/**
 * Everything that GitHub's tools find wrong, and what the embedded Actions would refuse, by line. `path` must lie in
 * `.github/workflows`. `ownActions` gives the text of `action.yml` by `owner/name`; any other action that is not one
 * of the known third-party ones is a finding.
 */
export async function lintWorkflow(
  text: string,
  path: string,
  ownActions: Readonly<Record<string, string>> = {},
): Promise<Finding[]> {
  const own = new Map(
    Object.entries(ownActions).map(([name, content]) => [name.toLowerCase(), ownMetadata(name, content)]),
  );
  const found = await serviceFindings(text, path, own);
  const isKnown = (finding: Finding) =>
    found.some(({ message, line }) => message === finding.message && line === finding.line);
  const all = [...found, ...parserFindings(text, path).filter((finding) => !isKnown(finding))];
  return all.sort((a, b) => a.line - b.line);
}
