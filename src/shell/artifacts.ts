// Artifacts between jobs as typed values. Whatever a job left is checked here before anybody relies on it.
import * as z from "zod";
import {
  type Change,
  type ChangeEntry,
  changeSchema,
  holdsSecret,
  offeredChangeSchema,
  refusedEntries,
} from "../core/change.ts";
import { misfits, touchedFolders, withoutMissing } from "../core/change-fit.ts";
import { pathFault, shownPath } from "../core/change-path.ts";
import { type CheckSet, checksSchema, sealSchema } from "../core/checks.ts";
import { gitBlobSha } from "../core/hash.ts";
import { intakeRecordSchema, sessionReportSchema } from "../core/session-report.ts";
import { usageByPurposeSchema } from "../core/usage.ts";
import type { GitWriter, TreeChange } from "../ports.ts";
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
  const isWhole =
    checks.every(({ overlay }) => overlay.every((path) => files.has(path))) &&
    [...files.keys()].every((path) => pathFault(path) === undefined);
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
  /** Empty where the change is refused. */
  readonly entries: readonly ChangeEntry[];
  readonly tree: readonly TreeChange[];
}

export interface SessionBound {
  readonly ticket: string;
  /** The commit that the run worked on. */
  readonly parent: string;
  readonly isProtected: (path: string) => boolean;
}

/** Reasons beyond these are counted: a ledger has room for so many. */
const maxReasons = 20;

/** Every entry is validated, and every blob hashed, before one of them is used. */
export function readSession(
  artifact: Artifact | undefined,
  { ticket, parent, isProtected }: SessionBound,
): SessionArtifact | undefined {
  const report = parseJson(sessionReportSchema, artifact?.get("session.json"));
  const offered = parseJson(offeredChangeSchema, artifact?.get("change.json"));
  if (!artifact || !report || !offered || report.ticket !== ticket || offered.ticket !== ticket)
    return undefined;
  const refused = [
    ...(offered.parent === parent
      ? []
      : [`the change is onto ${offered.parent.slice(0, 40)}, not ${parent}`]),
    ...report.refused.map(({ path, why }) => `${shownPath(path)}: ${why.slice(0, 200)}`),
    ...refusedEntries(offered, isProtected),
  ];
  // What names no file of the change cannot be looked up.
  const change = refused.length === 0 ? changeSchema.parse(offered) : undefined;
  if (change) refused.push(...blobFaults(artifact, change));
  const entries = change && refused.length === 0 ? change.entries : [];
  return {
    entries,
    tree: entries.map((entry) => treeChange(artifact, entry)),
    session: {
      report,
      intake: parseJson(intakeRecordSchema, artifact.get("intake.json")),
      handoff: Buffer.from(artifact.get("handoff.md") ?? []).toString("utf8"),
      refused: bounded(refused),
      changedFiles: offered.entries.length,
    },
  };
}

/** The session's change as the tree that it is laid onto can take it: all of it, or nothing. */
export async function fitSession(
  artifact: SessionArtifact,
  git: Pick<GitWriter, "listFolders">,
  onto: string,
): Promise<SessionArtifact> {
  const { entries, tree, session } = artifact;
  if (entries.length === 0) return artifact;
  const folders = await git.listFolders(onto, touchedFolders(entries));
  const refused = misfits(entries, folders);
  if (refused.length > 0)
    return { entries: [], tree: [], session: { ...session, refused: bounded(refused) } };
  const deletions = tree.filter(({ content }) => content === null);
  const kept = new Set(withoutMissing(deletions, folders));
  return { ...artifact, tree: tree.filter((each) => each.content !== null || kept.has(each)) };
}

function bounded(reasons: readonly string[]): string[] {
  const more = reasons.length - maxReasons;
  return more > 0 ? [...reasons.slice(0, maxReasons), `and ${more} more`] : [...reasons];
}

function blobFaults(artifact: Artifact, { entries }: Change): string[] {
  return entries.flatMap(({ path, mode, blob, size }) => {
    if (mode === "delete") return [];
    const bytes = artifact.get(`blobs/${blob}`);
    const name = shownPath(path);
    if (!bytes) return [`${name}: its blob is missing`];
    if (bytes.byteLength !== size || gitBlobSha(bytes) !== blob) return [`${name}: its blob is another`];
    return holdsSecret(Buffer.from(bytes).toString("utf8"))
      ? [`${name}: it holds something shaped like a credential`]
      : [];
  });
}

function treeChange(artifact: Artifact, { path, mode, blob }: ChangeEntry): TreeChange {
  if (mode === "delete") return { path, content: null };
  return { path, mode, content: artifact.get(`blobs/${blob}`) ?? new Uint8Array() };
}
