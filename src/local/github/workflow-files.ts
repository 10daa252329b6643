// Workflow files of the repository: finding them, and what a dispatch may send them.
import { parse } from "yaml";
import type { Forge } from "./forge.ts";
import { readTree } from "./git-tree.ts";
import { ApiError, notFound } from "./http.ts";
import { isObject, type Json, objectAt, textAt, toJson } from "./json.ts";
import { workflowId } from "./show-actions.ts";

const FOLDER = ".github/workflows";

export interface Workflow {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly document: Json;
}

export async function listWorkflows(forge: Forge, revision: string): Promise<Workflow[]> {
  const entries = (await readTree(forge.git, `${revision}:${FOLDER}`)) ?? [];
  const files = entries.filter(({ name }) => /\.ya?ml$/.test(name));
  return Promise.all(
    files.map(async ({ name: file, sha }) => {
      const path = `${FOLDER}/${file}`;
      const text = (await forge.git.read(sha))?.bytes.toString("utf8") ?? "";
      const document = parseWorkflow(text);
      return { path, text, document, name: textAt(document, "name") ?? path };
    }),
  );
}

/** A file that is no YAML is a workflow without triggers. */
function parseWorkflow(text: string): Json {
  try {
    return toJson(parse(text));
  } catch (error) {
    return { problem: String(error) };
  }
}

/** By file name or id, as it is at `revision`; 404 where that has no such file. */
export async function findWorkflow(forge: Forge, name: string, revision: string): Promise<Workflow> {
  const workflows = await listWorkflows(forge, revision);
  const found = workflows.find(({ path }) => isWorkflow(path, name));
  if (!found) throw notFound();
  return found;
}

/** Whether `name`, a file name or an id, means the workflow at `path`. */
export function isWorkflow(path: string, name: string): boolean {
  return path === `${FOLDER}/${name}` || path === name || String(workflowId(path)) === name;
}

/** The inputs that the file declares; `undefined` without the trigger. */
export function dispatchInputs(document: Json): Record<string, Json> | undefined {
  const on = isObject(document) ? document.on : undefined;
  if (on === "workflow_dispatch" || (Array.isArray(on) && on.includes("workflow_dispatch"))) return {};
  if (!isObject(on) || !("workflow_dispatch" in on)) return undefined;
  return objectAt(on.workflow_dispatch, "inputs");
}

export function checkInputs(declared: Record<string, Json>, inputs: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(inputs).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new ApiError(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  for (const [name, input] of Object.entries(declared)) {
    const needed = isObject(input) && input.required === true && input.default === undefined;
    if (needed && inputs[name] === undefined)
      throw new ApiError(422, `Required input '${name}' not provided`);
  }
}
