// From a work tree to a change: what differs from the session's start, relative to its parent. Runs no git and follows
// no link; what a change may hold is decided again by those who take it.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Change, type ChangeEntry, noBlob } from "../core/change.ts";
import { gitBlobSha } from "../core/hash.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";
import { type Found, type ParentTree, type Survey, surveyTree } from "./survey.ts";

export interface Snapshot {
  readonly workspace: string;
  readonly tree: ParentTree;
  readonly rules: IgnoreRules;
  readonly start: Survey;
}

export interface Collected {
  readonly change: Change;
  /** By git id. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** Entries that were added or changed and may be in no change. */
  readonly refused: readonly { readonly path: string; readonly why: string }[];
}

/** Taken after set-up, before the model: what set-up made or changed is then nobody's change. */
export function snapshot(workspace: string, tree: ParentTree): Snapshot {
  const rules = createIgnoreRules(readIgnoreFiles(workspace, tree));
  return { workspace, tree, rules, start: surveyTree(workspace, { tree, rules }) };
}

/** The parent's own: a file that set-up changed does not count, nor does one that the builder writes later. */
function readIgnoreFiles(workspace: string, tree: ParentTree): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, { mode, sha }] of tree) {
    if (!/(?:^|\/)\.gitignore$/.test(path) || !mode.startsWith("100")) continue;
    const file = join(workspace, path);
    if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    const bytes = readFileSync(file);
    if (gitBlobSha(bytes) === sha) texts.set(path.replace(/\/?\.gitignore$/, ""), bytes.toString("utf8"));
  }
  return texts;
}

/** Entries are sorted by path. Nothing may write to the tree meanwhile, or the change may be of no single moment. */
export function collectChange(from: Snapshot, names: { ticket: string; parent: string }): Collected {
  const read = new Map<string, Uint8Array>();
  const end = surveyTree(from.workspace, {
    tree: from.tree,
    rules: from.rules,
    before: from.start,
    onBytes: (sha, bytes) => read.set(sha, bytes),
  });
  const entries: ChangeEntry[] = [];
  const refused: { path: string; why: string }[] = [];
  for (const path of [...new Set([...from.start.keys(), ...end.keys()])].sort()) {
    const found = end.get(path);
    if (isSame(from.start.get(path), found) || isSetUpsOwn(path, from)) continue;
    if (found?.kind === "refused") refused.push({ path, why: found.why });
    else entries.push(...entryOf(path, found, from.tree));
  }
  const blobs = new Map(entries.flatMap(({ blob }) => pairOf(blob, read)));
  return { change: { ticket: names.ticket, parent: names.parent, entries }, blobs, refused };
}

function isSame(a: Found | undefined, b: Found | undefined): boolean {
  if (a?.kind === "file" && b?.kind === "file") return a.sha === b.sha && a.mode === b.mode;
  if (a?.kind === "refused" && b?.kind === "refused") return a.state === b.state;
  return a === b;
}

/** Untracked, and there before the session. */
function isSetUpsOwn(path: string, { tree, start }: Snapshot): boolean {
  return !tree.has(path) && start.has(path);
}

function entryOf(path: string, found: Found | undefined, tree: ParentTree): ChangeEntry[] {
  const tracked = tree.get(path);
  if (found?.kind !== "file") return tracked ? [{ path, mode: "delete", blob: noBlob, size: 0 }] : [];
  if (tracked?.sha === found.sha && tracked.mode === found.mode) return [];
  return [{ path, mode: found.mode, blob: found.sha, size: found.size }];
}

function pairOf(blob: string, read: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  const bytes = read.get(blob);
  return bytes ? [[blob, bytes]] : [];
}
