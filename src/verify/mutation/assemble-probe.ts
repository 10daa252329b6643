// From reach and tried mutants to what is said of each changed line and hunk.
import type { ChangedFile } from "../../gates/change/changed-files.ts";
import type { ProbedHunk, ProbedLine, TriedMutant } from "../../gates/probe.ts";
import { lineKey, mutable } from "./mutants.ts";
import type { Reach } from "./reach.ts";

type Reached = ProbedLine["reached"];

function measured(reach: Reach | undefined, path: string, lines: readonly number[]): Reached {
  if (!reach?.isMeasured) return "unknown";
  const ran = reach.lines.get(path);
  // Not loaded, as far as can be seen: it may be of a kind that nothing measures.
  if (!ran) return [...reach.lines.keys()].some((other) => isSameKind(other, path)) ? "no" : "unknown";
  return lines.some((line) => ran.has(line)) ? "yes" : "no";
}

const kindOf = (path: string) =>
  /\.[cm]?[jt]sx?$/.test(path) ? "javascript" : /\.py$/.test(path) ? "python" : path;
const isSameKind = (a: string, b: string) => kindOf(a) === kindOf(b);

/** A line whose mutant was noticed is reached, whatever was measured: a process of its own may have run it unseen. */
export function assembleLines(
  files: readonly ChangedFile[],
  reach: Reach,
  mutants: readonly TriedMutant[],
): { readonly lines: readonly ProbedLine[]; readonly hunks: readonly ProbedHunk[] } {
  const noticed = mutants.filter(({ result }) => result === "killed");
  const flipped = new Set(
    noticed.flatMap(({ path, lines, kind }) =>
      lines.length === 1 && kind !== "file" ? lines.map((line) => lineKey(path, line)) : [],
    ),
  );
  const putBack = new Set(
    noticed.flatMap(({ path, lines, kind }) =>
      kind === "hunk" ? lines.map((line) => lineKey(path, line)) : [],
    ),
  );
  const lines: ProbedLine[] = [];
  const hunks: ProbedHunk[] = [];
  for (const { path, hunks: all } of mutable(files)) {
    for (const { executable, executableBefore, headStart, baseStart } of all) {
      const own = executable.map((line): ProbedLine => {
        const isNoticed = flipped.has(lineKey(path, line));
        return { path, line, reached: isNoticed ? "yes" : measured(reach, path, [line]) };
      });
      lines.push(...own);
      if (executable.length + executableBefore.length === 0) continue;
      const isNoticed = executable.some((line) => putBack.has(lineKey(path, line)));
      const seen = isNoticed || own.some(({ reached }) => reached === "yes");
      const reached = seen ? "yes" : (own[0]?.reached ?? "no");
      hunks.push({ path, headStart, baseStart, executable, executableBefore, reached });
    }
  }
  return { lines, hunks };
}

/** Hunks that nothing on head reaches: base may tell, where they changed or removed lines. */
export function withBaseReach(hunks: readonly ProbedHunk[], base: Reach | undefined): readonly ProbedHunk[] {
  return hunks.map((hunk) =>
    hunk.reached === "no" && hunk.executableBefore.length > 0
      ? { ...hunk, reached: measured(base, hunk.path, hunk.executableBefore) }
      : hunk,
  );
}
