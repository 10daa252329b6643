// The change as texts: every changed file with its hunks, and which of their lines do something. Pure; who reads the
// trees from disk is the verifier's business.
import type { TreeDifference } from "../../core/change.ts";
import { executableLines } from "./executable-lines.ts";
import { diffLines, type Hunk } from "./line-diff.ts";
import { kindOfPath, type PathKind } from "./path-kind.ts";

/** The files of one tree. Links and submodules are not in it. */
export interface TreeTexts {
  /** Sorted. */
  readonly paths: readonly string[];
  /** `undefined`: not there, not text, or too large to look at. */
  text(path: string): string | undefined;
  /** In bytes; 0 where there is no such file. */
  size(path: string): number;
}

export interface ChangedHunk extends Hunk {
  /** Line numbers that do something: added or changed ones in head, removed or changed ones in base. */
  readonly executable: readonly number[];
  readonly executableBefore: readonly number[];
}

export interface ChangedFile {
  readonly path: string;
  readonly kind: PathKind;
  /** `undefined`: the file is not there, or is no text. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly hunks: readonly ChangedHunk[];
}

function within(lines: ReadonlySet<number>, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index).filter((line) => lines.has(line));
}

/** Hunks that differ in white space or comments alone are left out of `executable`, since nothing runs differently. */
function markHunks(path: string, before: string, after: string): ChangedHunk[] {
  const [inBase, inHead] = [executableLines(path, before), executableLines(path, after)];
  return diffLines(before, after).map((hunk) => ({
    ...hunk,
    executable: within(inHead, hunk.headStart, hunk.headLines.length),
    executableBefore: within(inBase, hunk.baseStart, hunk.baseLines.length),
  }));
}

export function changedFiles(
  differences: readonly TreeDifference[],
  trees: { readonly base: TreeTexts; readonly head: TreeTexts },
): readonly ChangedFile[] {
  return differences.map(({ path }) => {
    const [before, after] = [trees.base.text(path), trees.head.text(path)];
    return { path, kind: kindOfPath(path), before, after, hunks: markHunks(path, before ?? "", after ?? "") };
  });
}

/** A tree held in memory, for examples and for changes that are not on disk. */
export function textsOf(files: Readonly<Record<string, string>>): TreeTexts {
  const byPath = new Map(Object.entries(files));
  return {
    paths: [...byPath.keys()].sort(),
    text: (path) => byPath.get(path),
    size: (path) => Buffer.byteLength(byPath.get(path) ?? ""),
  };
}
