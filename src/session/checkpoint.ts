// Writes the session's artifact folder: change, blobs, report, handoff, intake, transcript. The folder is replaced as a
// whole, so that a runner lost meanwhile leaves the one before.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { IntakeRecord, SessionReport } from "../core/session-report.ts";
import type { Collected } from "./collect-change.ts";

export interface Artifact {
  readonly collected: Collected;
  readonly report: SessionReport;
  readonly handoff: string;
  readonly intake: IntakeRecord | undefined;
  readonly transcript: string;
}

/** `folder` is replaced; what was in it is gone. */
export async function writeArtifact(folder: string, artifact: Artifact): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  await mkdir(join(fresh, "blobs"));
  for (const [sha, bytes] of artifact.collected.blobs) await writeFile(join(fresh, "blobs", sha), bytes);
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  await writeFile(join(fresh, "change.json"), json(artifact.collected.change));
  await writeFile(join(fresh, "session.json"), json(artifact.report));
  await writeFile(join(fresh, "handoff.md"), artifact.handoff);
  if (artifact.intake) await writeFile(join(fresh, "intake.json"), json(artifact.intake));
  await writeFile(join(fresh, "transcript.jsonl"), artifact.transcript);
  // A folder cannot be renamed onto one that is not empty.
  const old = `${fresh}-old`;
  if (existsSync(folder)) await rename(folder, old);
  await rename(fresh, folder);
  await rm(old, { recursive: true, force: true });
}
