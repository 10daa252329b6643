// actions/upload-artifact v7: which files a path means, and the zip made of them.
import { readFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { findFiles } from "./glob.ts";
import type { Executed } from "./job-context.ts";
import { flag, type WellKnownAction, type WellKnownCall } from "./well-known-action.ts";

/** The longest folder that holds all of the paths. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep));
  const end = first.findIndex((segment, index) => others.some((other) => other[index] !== segment));
  return (end < 0 ? first : first.slice(0, end)).join(sep) || sep;
}

/** Names in the zip: relative to the one path searched, to its folder where it is a file, else to what all share. */
function zipRoot(files: readonly string[], searchPaths: readonly string[]): string {
  const [only = sep] = searchPaths;
  if (searchPaths.length > 1) return commonFolder(searchPaths);
  return files.length === 1 && files[0] === only ? dirname(only) : only;
}

function compressionLevel(text: string): 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 {
  const levels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
  const level = levels.find((one) => String(one) === text);
  if (level === undefined)
    throw new Error(`The input \`compression-level\`: expected 0 to 9, found '${text}'.`);
  return level;
}

function noFiles({ job, inputs }: WellKnownCall): Executed {
  const text = `No files were found with the provided path: ${inputs.path}. No artifacts will be uploaded.`;
  switch (inputs["if-no-files-found"]) {
    case "error":
      job.log(`##[error]${text}`);
      return { outcome: "failure", outputs: {} };
    case "warn":
      job.log(`##[warning]${text}`);
      return { outcome: "success", outputs: {} };
    case "ignore":
      job.log(text);
      return { outcome: "success", outputs: {} };
    default:
      throw new Error(`The input \`if-no-files-found\`: expected warn, error or ignore.`);
  }
}

function replaceExisting({ job }: WellKnownCall, name: string): void {
  const existing = job.host.artifacts.list(job.runId).find((artifact) => artifact.name === name);
  if (existing) job.host.artifacts.remove(existing.id);
}

async function run(call: WellKnownCall): Promise<Executed> {
  const { job, inputs } = call;
  const { name = "", path = "" } = inputs;
  if (path.trim() === "") throw new Error("actions/upload-artifact: the input `path` is required.");
  if (!flag(inputs, "archive")) {
    throw new Error(
      "actions/upload-artifact: `archive: false` is not mapped in the embedded Actions; leave it out.",
    );
  }
  const level = compressionLevel(inputs["compression-level"] ?? "");
  const skipHidden = !flag(inputs, "include-hidden-files");
  const { files, searchPaths } = findFiles(job.folders.workspace, path.split("\n"), { skipHidden });
  if (files.length === 0) return noFiles(call);
  const root = zipRoot(files, searchPaths);
  const entries: Zippable = Object.fromEntries(
    files.map((file) => [relative(root, file).split(sep).join("/"), new Uint8Array(readFileSync(file))]),
  );
  const zip = zipSync(entries, { level });
  if (flag(inputs, "overwrite")) replaceExisting(call, name);
  const artifact = job.host.artifacts.add({ runId: job.runId, jobId: job.jobId, name, zip });
  job.log(
    `Artifact ${name} has been successfully uploaded: ${files.length} files, ${zip.byteLength} bytes, id ${artifact.id}.`,
  );
  const { repository, serverUrl } = job.host.options;
  return {
    outcome: "success",
    outputs: {
      "artifact-id": String(artifact.id),
      // The action gives the bare hash here; REST and the list of artifacts put `sha256:` before it.
      "artifact-digest": artifact.digest.replace(/^sha256:/, ""),
      "artifact-url": `${serverUrl}/${repository}/actions/runs/${job.runId}/artifacts/${artifact.id}`,
    },
  };
}

export const uploadArtifact: WellKnownAction = {
  name: "actions/upload-artifact",
  defaults: {
    name: "artifact",
    path: "",
    "if-no-files-found": "warn",
    "retention-days": "0",
    "compression-level": "6",
    overwrite: "false",
    "include-hidden-files": "false",
    archive: "true",
  },
  run,
};
