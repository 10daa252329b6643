// `change.json`: a session's change, entry by entry, and what is refused before anything is written.
import * as z from "zod";

const sha1 = z.string().regex(/^[0-9a-f]{40}$/);

export const changeEntrySchema = z.strictObject({
  path: z.string().min(1),
  mode: z.enum(["100644", "100755", "delete"]),
  /** git blob id; 40 zeros for a deletion. */
  blob: sha1,
  size: z.number().int().nonnegative(),
});
export type ChangeEntry = z.infer<typeof changeEntrySchema>;

export const changeSchema = z.strictObject({
  ticket: z.string(),
  parent: sha1,
  entries: z.array(changeEntrySchema),
});
export type Change = z.infer<typeof changeSchema>;

export const noBlob = "0".repeat(40);

export const changeLimits = {
  files: 200,
  fileBytes: 1_048_576,
  totalBytes: 8_388_608,
  pathBytes: 240,
} as const;

/** Parts of a path that git, or a file system git runs on, could take for `.git`. */
function looksLikeGit(part: string): boolean {
  const plain = part.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "").toLowerCase();
  return /^(\.git([ .:].*)?|git~\d+)$/.test(plain) || /^\.git(modules|attributes)$/.test(plain);
}

function pathFault(path: string): string | undefined {
  if (/\p{Cc}/u.test(path)) return "a control character in the name";
  if (/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u.test(path))
    return "an invisible character in the name";
  if (path.includes("\ufffd")) return "a name that is not UTF-8";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.includes("\\")) return "not a relative path";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "a path that leaves the tree";
  if (parts.some(looksLikeGit)) return "a path of git itself";
  if (parts[0] === ".harness") return "the frame is the harness's own";
  if (path.startsWith(".github/") || path === ".github") return "a protected path";
  if (Buffer.byteLength(path) > changeLimits.pathBytes) return `a path over ${changeLimits.pathBytes} bytes`;
  return undefined;
}

/**
 * Why the change as a whole is refused: one reason for each bad entry, none where all are good. `protectedPath` tells
 * the frame's protected paths.
 */
export function refusedEntries(change: Change, protectedPath: (path: string) => boolean): string[] {
  const reasons: string[] = [];
  const seen = new Map<string, string>();
  let totalBytes = 0;
  if (change.entries.length > changeLimits.files)
    reasons.push(`${change.entries.length} files, the limit is ${changeLimits.files}`);
  for (const entry of change.entries) {
    const refuse = (why: string) => reasons.push(`${JSON.stringify(entry.path)}: ${why}`);
    const fault = pathFault(entry.path);
    if (fault) refuse(fault);
    else if (protectedPath(entry.path)) refuse("a protected path");
    const folded = entry.path.normalize("NFC").toLowerCase();
    const twin = seen.get(folded);
    if (twin !== undefined) refuse(`collides with ${JSON.stringify(twin)}`);
    seen.set(folded, entry.path);
    if (entry.size > changeLimits.fileBytes)
      refuse(`${entry.size} bytes, the limit is ${changeLimits.fileBytes}`);
    totalBytes += entry.size;
  }
  if (totalBytes > changeLimits.totalBytes)
    reasons.push(`${totalBytes} bytes in all, the limit is ${changeLimits.totalBytes}`);
  return reasons;
}

const secretShapes =
  /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}|sk-ant-[A-Za-z0-9-]{20,})|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether a file that is to be published holds something shaped like a credential. */
export function holdsSecret(text: string): boolean {
  return secretShapes.test(text);
}

/** A file of a git tree. */
export interface TreeFile {
  /** As git prints it: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  readonly sha: string;
}

/** What a path was at base and is at head; `undefined` where it is not there. */
export interface TreeDifference {
  readonly path: string;
  readonly before: TreeFile | undefined;
  readonly after: TreeFile | undefined;
}
