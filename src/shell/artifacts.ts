// Artifacts between jobs as typed values. Whatever a job left is checked here before anybody relies on it.
import * as z from "zod";
import { type Change, changeSchema, holdsSecret, refusedEntries } from "../core/change.ts";
import { type CheckSet, checksSchema, sealSchema } from "../core/checks.ts";
import { gitBlobSha } from "../core/hash.ts";
import { intakeRecordSchema, sessionReportSchema } from "../core/session-report.ts";
import { usageByPurposeSchema } from "../core/usage.ts";
import type { TreeChange } from "../ports.ts";
import type { AuthorLeftovers } from "./outcome.ts";
import type { SessionLeftovers } from "./outcome-session.ts";

/** An artifact's files by path. */
export type Artifact = ReadonlyMap<string, Uint8Array>;

const authorSchema = z.strictObject({ items: z.array(z.string()), usage: usageByPurposeSchema });

export function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  bytes: Uint8Array | undefined,
): z.infer<Schema> | undefined {
  if (!bytes) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** `checks.json` and `files/**` below `folder`; `undefined` where they do not fit each other. */
export function readChecks(artifact: Artifact, folder = ""): CheckSet | undefined {
  const checks = parseJson(checksSchema, artifact.get(`${folder}checks.json`));
  if (!checks) return undefined;
  const prefix = `${folder}files/`;
  const files = new Map<string, string>();
  for (const [path, bytes] of artifact)
    if (path.startsWith(prefix)) files.set(path.slice(prefix.length), Buffer.from(bytes).toString("utf8"));
  const isWhole = checks.every(({ overlay }) => overlay.every((path) => files.has(path)));
  return isWhole ? { checks, files } : undefined;
}

/** The author's artifact: the files of the sealed ref, and what writing them used. */
export function readAuthor(artifact: Artifact | undefined): AuthorLeftovers | undefined {
  const report = parseJson(authorSchema, artifact?.get("author.json"));
  const sealed = artifact && readSealed(artifact);
  return report && sealed ? { ...sealed, ...report } : undefined;
}

/** Seal and checks as `sealedFiles` writes them; `undefined` where they do not fit their schemas. */
export function readSealed(
  artifact: Artifact,
): Pick<AuthorLeftovers, "seal" | "visible" | "heldOut"> | undefined {
  const seal = parseJson(sealSchema, artifact.get("seal.json"));
  const visible = readChecks(artifact, "visible/");
  const heldOut = readChecks(artifact, "held-out/");
  return seal && visible && heldOut ? { seal, visible, heldOut } : undefined;
}

export interface SessionArtifact {
  readonly session: SessionLeftovers;
  readonly change: Change;
  /** Empty where the change is refused. */
  readonly tree: readonly TreeChange[];
}

/** Every entry is validated, and every blob hashed, before one of them is used. */
export function readSession(
  artifact: Artifact | undefined,
  ticket: string,
  isProtected: (path: string) => boolean,
): SessionArtifact | undefined {
  const report = parseJson(sessionReportSchema, artifact?.get("session.json"));
  const change = parseJson(changeSchema, artifact?.get("change.json"));
  if (!artifact || !report || !change || report.ticket !== ticket || change.ticket !== ticket)
    return undefined;
  const refused = [
    ...report.refused.map(({ path, why }) => `${JSON.stringify(path)}: ${why}`),
    ...refusedEntries(change, isProtected),
    ...blobFaults(artifact, change),
  ];
  const tree = refused.length > 0 ? [] : change.entries.map((entry) => treeChange(artifact, entry));
  return {
    change,
    tree,
    session: {
      report,
      intake: parseJson(intakeRecordSchema, artifact.get("intake.json")),
      handoff: Buffer.from(artifact.get("handoff.md") ?? []).toString("utf8"),
      refused,
      changedFiles: change.entries.length,
    },
  };
}

function blobFaults(artifact: Artifact, { entries }: Change): string[] {
  return entries.flatMap(({ path, mode, blob, size }) => {
    if (mode === "delete") return [];
    const bytes = artifact.get(`blobs/${blob}`);
    const name = JSON.stringify(path);
    if (!bytes) return [`${name}: its blob is missing`];
    if (bytes.byteLength !== size || gitBlobSha(bytes) !== blob) return [`${name}: its blob is another`];
    return holdsSecret(Buffer.from(bytes).toString("utf8"))
      ? [`${name}: it holds something shaped like a credential`]
      : [];
  });
}

function treeChange(artifact: Artifact, { path, mode, blob }: Change["entries"][number]): TreeChange {
  if (mode === "delete") return { path, content: null };
  return { path, mode, content: artifact.get(`blobs/${blob}`) ?? new Uint8Array() };
}
