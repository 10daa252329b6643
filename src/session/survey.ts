// Walks a work tree that hostile code may have written, without following a link and without git: what is there, with
// git's id of each file. Folders are held open while they are walked, so that none can be swapped for a link meanwhile.
import { Buffer } from "node:buffer";
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { changeLimits } from "../core/change.ts";
import { gitBlobSha } from "../core/hash.ts";
import type { IgnoreRules } from "./ignore-rules.ts";

interface TreeEntry {
  /** As git prints it: `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  readonly sha: string;
}
export type ParentTree = ReadonlyMap<string, TreeEntry>;

export type Found =
  | {
      readonly kind: "file";
      readonly mode: "100644" | "100755";
      readonly sha: string;
      readonly size: number;
      readonly state: string;
    }
  /** What no change may hold, by name; never read. `state` tells one from another. */
  | { readonly kind: "refused"; readonly why: string; readonly state: string };

export type Survey = ReadonlyMap<string, Found>;

interface Walk {
  readonly tree: ParentTree;
  readonly folders: ReadonlySet<string>;
  readonly rules: IgnoreRules;
  readonly before: Survey;
  readonly onBytes: (sha: string, bytes: Buffer) => void;
  readonly found: Map<string, Found>;
}

const MAX_DEPTH = 64;
const maxFileBytes = changeLimits.fileBytes;

export interface SurveyOptions {
  readonly tree: ParentTree;
  readonly rules: IgnoreRules;
  /** An earlier survey, whose ids are used again for files that the file system says are the same. */
  readonly before?: Survey;
  /** Told of every file that was read. */
  readonly onBytes?: (sha: string, bytes: Buffer) => void;
}

export function surveyTree(workspace: string, options: SurveyOptions): Survey {
  const folders = new Set([...options.tree.keys()].flatMap(foldersAbove));
  const walk: Walk = {
    tree: options.tree,
    rules: options.rules,
    folders,
    before: options.before ?? new Map(),
    onBytes: options.onBytes ?? (() => undefined),
    found: new Map(),
  };
  walkFolder(walk, { path: "", place: workspace, isIgnored: false, depth: 0 });
  return walk.found;
}

function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

interface Folder {
  readonly path: string;
  /** Where the file system finds it now. */
  readonly place: string;
  /** Only tracked paths count below an ignored folder. */
  readonly isIgnored: boolean;
  readonly depth: number;
}

function walkFolder(walk: Walk, folder: Folder): void {
  const handle = openSync(folder.place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const held = process.platform === "linux" ? `/proc/self/fd/${handle}` : folder.place;
    for (const bytes of readdirSync(held, { encoding: "buffer" })) {
      const name = bytes.toString("utf8");
      const path = folder.path === "" ? name : `${folder.path}/${name}`;
      if (folder.path === "" && (name === ".git" || name === ".harness")) continue;
      if (!Buffer.from(name).equals(bytes)) note(walk, path, "a name that is not UTF-8", "name");
      else visit(walk, { ...folder, path, place: `${held}/${name}` }, name);
    }
  } finally {
    closeSync(handle);
  }
}

function visit(walk: Walk, at: Folder, name: string): void {
  const { path } = at;
  const stat = lstatSync(at.place, { bigint: true, throwIfNoEntry: false });
  if (!stat) return;
  const tracked = walk.tree.get(path);
  if (stat.isDirectory()) {
    if (tracked?.mode === "160000") return;
    const isIgnored = at.isIgnored || walk.rules.isIgnored(path, true);
    if (isIgnored && !walk.folders.has(path)) return;
    if (name.toLowerCase() === ".git") note(walk, path, "a repository inside the tree", "git");
    else if (at.depth >= MAX_DEPTH) note(walk, path, `deeper than ${MAX_DEPTH} folders`, "depth");
    else walkFolder(walk, { ...at, isIgnored, depth: at.depth + 1 });
    return;
  }
  if (!tracked && (at.isIgnored || walk.rules.isIgnored(path, false))) return;
  visitFile(walk, { path, place: at.place, stat });
}

function visitFile(walk: Walk, at: { path: string; place: string; stat: BigIntStats }): void {
  const { path, place, stat } = at;
  const state = stateOf(stat);
  const before = walk.before.get(path);
  const fault = faultOf(place, stat);
  if (fault) walk.found.set(path, { kind: "refused", state, ...fault });
  else if (before?.kind === "file" && before.state === state) walk.found.set(path, before);
  else readInto(walk, at);
}

function faultOf(place: string, stat: BigIntStats): { why: string; state?: string } | undefined {
  if (stat.isSymbolicLink()) {
    // The link's own text is its blob; where it points to is not looked at.
    const target = gitBlobSha(readlinkSync(place, { encoding: "buffer" }));
    return { why: "a symbolic link", state: `link ${target}` };
  }
  if (!stat.isFile()) return { why: "neither file nor folder" };
  if (stat.mode & 0o7000n) return { why: "a setuid, setgid or sticky bit" };
  if (stat.nlink > 1n) return { why: "a hard link" };
  if (stat.size > maxFileBytes) return { why: `${stat.size} bytes, the limit is ${maxFileBytes}` };
  return undefined;
}

function readInto(
  walk: Walk,
  { path, place, stat }: { path: string; place: string; stat: BigIntStats },
): void {
  const state = stateOf(stat);
  const bytes = readFound(place, stat);
  if (!bytes) {
    note(walk, path, "it changed while it was read", state);
    return;
  }
  const sha = gitBlobSha(bytes);
  const mode = stat.mode & 0o100n ? "100755" : "100644";
  walk.found.set(path, { kind: "file", mode, sha, size: bytes.byteLength, state });
  walk.onBytes(sha, bytes);
}

function note(walk: Walk, path: string, why: string, state: string): void {
  walk.found.set(path, { kind: "refused", why, state });
}

/** Inode and change time: no program inside can set the latter. */
function stateOf(stat: BigIntStats): string {
  return [stat.dev, stat.ino, stat.mode, stat.nlink, stat.size, stat.mtimeNs, stat.ctimeNs].join(":");
}

/** The bytes of exactly the file that was looked at, `undefined` if another is there now. */
function readFound(place: string, stat: { readonly ino: bigint; readonly size: bigint }): Buffer | undefined {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = openSync(place, flags);
  try {
    const opened = fstatSync(handle, { bigint: true });
    if (!opened.isFile() || opened.ino !== stat.ino || opened.nlink > 1n || opened.size > maxFileBytes)
      return undefined;
    // One byte more than it has shows whether it grew meanwhile.
    const size = Number(opened.size);
    const buffer = Buffer.alloc(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(handle, buffer, length, buffer.length - length, null);
    }
    return length === size ? buffer.subarray(0, size) : undefined;
  } finally {
    closeSync(handle);
  }
}
