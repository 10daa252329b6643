// The artifacts of all runs: a zip and its record for each. Names are unique in a run.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { WorkflowArtifact } from "../types.ts";
import { type Store, writeFileAtomically } from "./store.ts";

interface ArtifactRecord {
  readonly artifact: WorkflowArtifact;
  readonly jobId: number;
}

interface ArtifactUpload {
  readonly runId: number;
  readonly jobId: number;
  readonly name: string;
  readonly zip: Uint8Array;
}

export interface ArtifactStore {
  /** Throws `ArtifactExists` where the run has the name already. */
  add(upload: ArtifactUpload): WorkflowArtifact;
  list(runId?: number): readonly WorkflowArtifact[];
  zip(id: number): Buffer | undefined;
  remove(id: number): void;
  /** What a job that starts over had made. */
  removeOfJob(jobId: number): void;
}

export class ArtifactExists extends Error {
  constructor(name: string) {
    super(
      `Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name (${name}) already exists on the workflow run; choose another name or set \`overwrite: true\`.`,
    );
    this.name = "ArtifactExists";
  }
}

const FORBIDDEN = /[":<>|*?\r\n\\/]/;

export function refuseBadArtifactName(name: string): void {
  const bad = name === "" ? "an empty name" : FORBIDDEN.exec(name)?.[0];
  if (bad === undefined) return;
  throw new Error(
    `The artifact name is not valid: ${name}. Contains ${bad}; use letters, digits, dots and dashes.`,
  );
}

function loadRecords(folder: string): Map<number, ArtifactRecord> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const records = names.map((name): ArtifactRecord => JSON.parse(readFileSync(join(folder, name), "utf8")));
  return new Map(records.map((record) => [record.artifact.id, record]));
}

function describe(id: number, upload: ArtifactUpload): WorkflowArtifact {
  return {
    id,
    run_id: upload.runId,
    name: upload.name,
    size_in_bytes: upload.zip.byteLength,
    digest: `sha256:${createHash("sha256").update(upload.zip).digest("hex")}`,
    created_at: new Date().toISOString(),
  };
}

export function openArtifactStore(store: Store): ArtifactStore {
  const folder = join(store.folder, "artifacts");
  mkdirSync(folder, { recursive: true });
  const recordPath = (id: number) => join(folder, `${id}.json`);
  const zipPath = (id: number) => join(folder, `${id}.zip`);
  const records = loadRecords(folder);
  const list = (runId?: number) =>
    [...records.values()]
      .map((record) => record.artifact)
      .filter((artifact) => runId === undefined || artifact.run_id === runId)
      .sort((a, b) => a.id - b.id);
  const remove = (id: number) => {
    records.delete(id);
    rmSync(recordPath(id), { force: true });
    rmSync(zipPath(id), { force: true });
  };
  return {
    add: (upload) => {
      const { runId, jobId, name, zip } = upload;
      refuseBadArtifactName(name);
      if (list(runId).some((artifact) => artifact.name === name)) throw new ArtifactExists(name);
      const artifact = describe(store.nextId("artifact"), upload);
      // The zip first: a record without its zip would be an artifact that cannot be read.
      writeFileAtomically(zipPath(artifact.id), zip);
      writeFileAtomically(recordPath(artifact.id), JSON.stringify({ artifact, jobId }));
      records.set(artifact.id, { artifact, jobId });
      return artifact;
    },
    list,
    zip: (id) => (records.has(id) && existsSync(zipPath(id)) ? readFileSync(zipPath(id)) : undefined),
    remove,
    removeOfJob: (jobId) => {
      for (const { artifact, jobId: owner } of records.values()) if (owner === jobId) remove(artifact.id);
    },
  };
}
