// actions/download-artifact v8, for artifacts of the own run: which are meant, where they go, whether they are whole.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readZip } from "../../adapters/read-zip.ts";
import type { WorkflowArtifact } from "../types.ts";
import { matchesName } from "./glob.ts";
import type { Executed } from "./job-context.ts";
import { flag, type WellKnownAction, type WellKnownCall } from "./well-known-action.ts";

function chosen({ job, inputs }: WellKnownCall): WorkflowArtifact[] {
  const all = [...job.host.artifacts.list(job.runId)];
  const { name, pattern, "artifact-ids": ids } = inputs;
  if (name && ids)
    throw new Error("Inputs 'name' and 'artifact-ids' cannot be used together; give one of them.");
  if (name) {
    const found = all.find((artifact) => artifact.name === name);
    if (found) return [found];
    throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  }
  if (ids) {
    const wanted = ids.split(",").map((id) => id.trim());
    const bad = wanted.find((id) => !/^\d+$/.test(id));
    if (bad !== undefined) throw new Error(`Invalid artifact ID: '${bad}'. Must be a number.`);
    const found = all.filter((artifact) => wanted.includes(String(artifact.id)));
    if (found.length === 0) throw new Error("None of the provided artifact IDs were found in this run.");
    const missing = wanted.filter((id) => !found.some((artifact) => String(artifact.id) === id));
    if (missing.length > 0)
      job.log(`##[warning]Could not find the following artifact IDs: ${missing.join(", ")}`);
    return found;
  }
  return pattern ? all.filter((artifact) => matchesName(pattern, artifact.name)) : all;
}

function checkDigest({ job, inputs }: WellKnownCall, artifact: WorkflowArtifact, zip: Uint8Array): void {
  const found = `sha256:${createHash("sha256").update(zip).digest("hex")}`;
  if (found === artifact.digest) return;
  const text = `The digest of artifact ${artifact.name} is ${found}, expected ${artifact.digest}; upload it again.`;
  const mode = inputs["digest-mismatch"];
  if (mode === "error") throw new Error(text);
  if (mode === "warn") job.log(`##[warning]${text}`);
  else if (mode === "info") job.log(text);
  else if (mode !== "ignore")
    throw new Error("The input `digest-mismatch`: expected error, warn, info or ignore.");
}

/** What one artifact may unpack to. GitHub has no such limit; a machine's memory has. */
const limits = { files: 20_000, bytes: 512 * 1024 * 1024 };

function extract(zip: Uint8Array, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of readZip(zip, limits)) {
    const target = resolve(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

async function run(call: WellKnownCall): Promise<Executed> {
  const { job, inputs } = call;
  if (flag(inputs, "skip-decompress")) {
    throw new Error(
      "actions/download-artifact: `skip-decompress: true` is not mapped in the embedded Actions.",
    );
  }
  const artifacts = chosen(call);
  const given = inputs.path || ".";
  const folder = resolve(job.folders.workspace, given.replace(/^~(?=$|\/)/, job.folders.home));
  const isFlat = flag(inputs, "merge-multiple") || artifacts.length === 1;
  for (const artifact of artifacts) {
    const zip = job.host.artifacts.zip(artifact.id);
    if (!zip)
      throw new Error(`Artifact ${artifact.name} (${artifact.id}) has no content any more; upload it again.`);
    checkDigest(call, artifact, zip);
    extract(zip, isFlat ? folder : join(folder, artifact.name));
    job.log(`Artifact ${artifact.name} (${artifact.id}) was downloaded.`);
  }
  job.log(`Total of ${artifacts.length} artifact(s) downloaded.`);
  return { outcome: "success", outputs: { "download-path": folder } };
}

export const downloadArtifact: WellKnownAction = {
  name: "actions/download-artifact",
  defaults: {
    name: "",
    "artifact-ids": "",
    path: "",
    pattern: "",
    "merge-multiple": "false",
    "github-token": "",
    "digest-mismatch": "error",
    "skip-decompress": "false",
  },
  run,
};
