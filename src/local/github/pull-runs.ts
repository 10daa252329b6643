// Workflow runs that a pull request's event starts: on the merge of the pull request with its base, as GitHub does.
// What a run does is the embedded Actions'.
import { eventPayload, type Forge } from "./forge.ts";
import type { Identity } from "./identity.ts";
import { isObject, type Json, type JsonObject, numberAt, objectAt, textAt } from "./json.ts";
import { listWorkflows, type Workflow } from "./workflow-files.ts";

/** GitHub's own default for `types`. */
const USUAL_TYPES = ["opened", "synchronize", "reopened"];
const KNOWN_FILTERS = ["types", "branches"];

/** Nothing where the embedded GitHub was not told to, for events of a job's own token, and where the merge has conflicts. */
export async function startPullRuns(forge: Forge, identity: Identity, event: JsonObject): Promise<void> {
  if (forge.options.pullRequestRuns !== true || !forge.actions || identity.kind === "job") return;
  const pull = objectAt(event, "pull_request");
  const number = numberAt(event, "number") ?? 0;
  const merge = await mergeCommit(forge, pull);
  if (merge === undefined) return;
  await forge.refs.mirror(`refs/pull/${number}/merge`, merge);
  const baseRef = textAt(objectAt(pull, "base"), "ref") ?? "";
  const action = textAt(event, "action") ?? "";
  const payload = await eventPayload(forge, identity, event);
  const { login, id, type } = forge.accounts.get(identity.login);
  for (const workflow of await listWorkflows(forge, merge)) {
    if (!isTriggered(workflow, action, baseRef)) continue;
    forge.actions.dispatch({
      workflowPath: workflow.path,
      workflowText: workflow.text,
      event: "pull_request",
      inputs: {},
      ref: textAt(objectAt(pull, "head"), "ref") ?? "",
      sha: merge,
      actor: { login, id, type },
      pull: {
        number,
        title: textAt(pull, "title") ?? "",
        headSha: textAt(objectAt(pull, "head"), "sha") ?? "",
        baseRef,
        payload,
      },
    });
  }
}

/** GitHub's test merge; `undefined` where there are conflicts. The same two commits give the same merge. */
async function mergeCommit({ git }: Forge, pull: JsonObject): Promise<string | undefined> {
  const head = textAt(objectAt(pull, "head"), "sha") ?? "";
  const base = (await git.sha(`refs/heads/${textAt(objectAt(pull, "base"), "ref")}`)) ?? "";
  const merged = await git.run(["merge-tree", "--write-tree", base, head]);
  if (merged.code !== 0) return undefined;
  const [tree = ""] = merged.stdout.toString("utf8").split("\n");
  const who = "GitHub <noreply@github.com> 0 +0000";
  const lines = [`tree ${tree}`, `parent ${base}`, `parent ${head}`, `author ${who}`, `committer ${who}`];
  return git.write("commit", Buffer.from(`${lines.join("\n")}\n\nMerge ${head} into ${base}\n`));
}

/** Throws for a filter that is not carried out here: nothing is ignored without a word. */
function isTriggered(workflow: Workflow, action: string, baseRef: string): boolean {
  const on = isObject(workflow.document) ? workflow.document.on : undefined;
  const names: readonly Json[] = Array.isArray(on) ? on : isObject(on) ? Object.keys(on) : [on ?? null];
  if (!names.includes("pull_request")) return false;
  const filters = objectAt(on, "pull_request");
  const unknown = Object.keys(filters).filter((key) => !KNOWN_FILTERS.includes(key));
  if (unknown.length > 0)
    throw new Error(
      `${workflow.path}: expected only ${KNOWN_FILTERS.join(" and ")} under \`pull_request\`, found ${unknown.join(", ")}.`,
    );
  const branches = textsOf(filters.branches);
  const pattern = branches?.find((branch) => /[*?+![\]]/.test(branch));
  if (pattern !== undefined)
    throw new Error(
      `${workflow.path}: expected plain names under \`branches\`, found the pattern ${pattern}.`,
    );
  return (textsOf(filters.types) ?? USUAL_TYPES).includes(action) && (branches?.includes(baseRef) ?? true);
}

function textsOf(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return (Array.isArray(value) ? value : [value]).map(String);
}
