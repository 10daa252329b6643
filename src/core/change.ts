// `change.json`: a session's change, entry by entry, and what is refused before anything is written.
import * as z from "zod";
import { foldersAbove, pathFault, plainPath, shownPath } from "./change-path.ts";

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

/** A change as another job left it: what is wrong with an entry is told by its name, so only its shape is asked for. */
export const offeredChangeSchema = z.strictObject({
  ticket: z.string(),
  parent: z.string(),
  entries: z.array(
    z.strictObject({ path: z.string(), mode: z.string(), blob: z.string(), size: z.number() }),
  ),
});
type OfferedChange = z.infer<typeof offeredChangeSchema>;
type OfferedEntry = OfferedChange["entries"][number];

export const changeLimits = {
  files: 200,
  fileBytes: 1_048_576,
  totalBytes: 8_388_608,
} as const;

/** What git's other modes stand for. */
const otherModes: Readonly<Record<string, string>> = {
  "120000": "a symbolic link",
  "160000": "a submodule",
  "040000": "a folder",
  "40000": "a folder",
};

function entryFault(entry: OfferedEntry, protectedPath: (path: string) => boolean): string | undefined {
  const fault = pathFault(entry.path);
  if (fault !== undefined) return fault;
  if (protectedPath(entry.path)) return "a protected path";
  if (holdsSecret(entry.path)) return "a name shaped like a credential";
  if (!changeEntrySchema.shape.mode.safeParse(entry.mode).success)
    return otherModes[entry.mode] ?? `mode ${JSON.stringify(entry.mode.slice(0, 20))}`;
  if (entry.size > changeLimits.fileBytes)
    return `${entry.size} bytes, the limit is ${changeLimits.fileBytes}`;
  return changeEntrySchema.safeParse(entry).success ? undefined : "no git id, or no size";
}

/** Names of one change that cannot stand side by side on every file system. */
function collisions(entries: readonly OfferedEntry[]): string[] {
  const seen = new Set<string>();
  const named = new Map<string, { readonly place: string; readonly isFile: boolean }>();
  return entries.flatMap(({ path, mode }) => {
    const collides = (twin: string) => [`${shownPath(path)}: collides with ${shownPath(twin)}`];
    if (seen.has(path)) return collides(path);
    seen.add(path);
    if (mode === "delete") return [];
    for (const place of [...foldersAbove(path), path]) {
      const known = named.get(plainPath(place));
      if (known && (known.place !== place || known.isFile || place === path)) return collides(known.place);
      named.set(plainPath(place), { place, isFile: place === path });
    }
    return [];
  });
}

/**
 * Why the change as a whole is refused: one reason for each bad entry, none where all are good. `protectedPath` tells
 * the frame's protected paths.
 */
export function refusedEntries(change: OfferedChange, protectedPath: (path: string) => boolean): string[] {
  const { entries } = change;
  const totalBytes = entries.reduce((sum, { size }) => sum + size, 0);
  return [
    ...(entries.length > changeLimits.files
      ? [`${entries.length} files, the limit is ${changeLimits.files}`]
      : []),
    ...entries.flatMap((entry) => {
      const fault = entryFault(entry, protectedPath);
      return fault === undefined ? [] : [`${shownPath(entry.path)}: ${fault}`];
    }),
    ...collisions(entries),
    ...(totalBytes > changeLimits.totalBytes
      ? [`${totalBytes} bytes in all, the limit is ${changeLimits.totalBytes}`]
      : []),
  ];
}

const secretShapes =
  /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{36}|sk-ant-[\w-]{20}|xox[abprs]-[A-Za-z0-9-]{20}|AKIA(?!\w*EXAMPLE)[A-Z0-9]{16})|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

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
