// A `uses:` step: which action it names, whether it may be used, and what carries it out.
import { join, resolve, sep } from "node:path";
import { type ActionModel, loadAction } from "./action-model.ts";
import { checkout } from "./checkout.ts";
import { runCompositeAction } from "./composite-action.ts";
import { downloadArtifact } from "./download-artifact.ts";
import { evaluateStrings } from "./expressions.ts";
import { actionInputs, runJavaScriptAction } from "./javascript-action.ts";
import type { Executed, JobContext, StepCall } from "./job-context.ts";
import { setupNode } from "./setup-node.ts";
import { uploadArtifact } from "./upload-artifact.ts";
import { type WellKnownAction, wellKnownInputs } from "./well-known-action.ts";

const WELL_KNOWN: Readonly<Record<string, WellKnownAction>> = {
  "actions/checkout": checkout,
  "actions/download-artifact": downloadArtifact,
  "actions/setup-node": setupNode,
  "actions/upload-artifact": uploadArtifact,
};

const FULL_SHA = /^[0-9a-f]{40}$/;

type ResolvedAction =
  | { readonly kind: "well-known"; readonly action: WellKnownAction }
  /** The folder of our own action, or of one in the workspace (there only after a checkout). */
  | { readonly kind: "folder"; readonly folder: string; readonly isInWorkspace: boolean };

/** Throws for whatever has no local implementation, and for third-party actions that are not pinned. */
export function resolveUses(job: Pick<JobContext, "host" | "folders">, uses: string): ResolvedAction {
  if (uses.startsWith("./")) {
    const folder = resolve(job.folders.workspace, uses);
    if (folder !== job.folders.workspace && !folder.startsWith(job.folders.workspace + sep)) {
      throw new Error(`\`uses: ${uses}\` leaves the workspace; name a folder inside it.`);
    }
    return { kind: "folder", folder, isInWorkspace: true };
  }
  const [path = "", ref = "", ...more] = uses.split("@");
  const [owner, name, ...inside] = path.split("/");
  if (!owner || !name || ref === "" || more.length > 0) {
    throw new Error(`\`uses: ${uses}\`: expected owner/name@ref or ./folder; correct it.`);
  }
  const repository = `${owner}/${name}`.toLowerCase();
  const own = Object.entries(job.host.options.localActions).find(([key]) => key.toLowerCase() === repository);
  if (own) return { kind: "folder", folder: join(own[1], ...inside), isInWorkspace: false };
  if (!FULL_SHA.test(ref)) {
    throw new Error(
      `\`uses: ${uses}\`: a third-party action must be pinned by its full commit SHA, found \`${ref}\`.`,
    );
  }
  const action = inside.length === 0 ? WELL_KNOWN[repository] : undefined;
  if (!action) {
    const known = Object.keys(WELL_KNOWN).join(", ");
    throw new Error(`\`uses: ${uses}\` has no implementation in the embedded Actions; they know ${known}.`);
  }
  return { kind: "well-known", action };
}

function ownGithub(uses: string, folder: string) {
  if (uses.startsWith("./")) return { action_path: folder };
  const [path = "", ref = ""] = uses.split("@");
  return { action_repository: path.split("/").slice(0, 2).join("/"), action_ref: ref, action_path: folder };
}

function runFolderAction(call: StepCall, action: ActionModel, given: Readonly<Record<string, string>>) {
  const inputs = actionInputs(action, given, call.scope);
  return action.using === "composite"
    ? runCompositeAction(call, action, inputs)
    : runJavaScriptAction(call, action, inputs);
}

export async function runUses(call: StepCall, uses: string): Promise<Executed> {
  const { job, list, step, scope } = call;
  const resolved = resolveUses(job, uses);
  const given = evaluateStrings(step.tokens.with, scope);
  job.log(`##[group]Run ${uses}`);
  for (const [name, value] of Object.entries(given)) job.log(`${name}: ${value}`);
  job.log("##[endgroup]");
  if (resolved.kind === "well-known") {
    const inputs = wellKnownInputs(resolved.action, given);
    return resolved.action.run({ ...call, inputs });
  }
  const action = loadAction(resolved.folder);
  if (action.using === "javascript" && action.pre !== undefined && list.depth > 0) {
    throw new Error(
      `${uses} has \`pre\`, which the embedded Actions run for steps of the job only; call it there.`,
    );
  }
  const github = { ...call.github, ...ownGithub(uses, resolved.folder) };
  return runFolderAction({ ...call, github }, action, given);
}
