// From reach and tried mutants to what is said of each changed line and hunk.
import type { ChangedFile } from "../../gates/change/changed-files.ts";
import { isAroundPath, isBuiltPath } from "../../gates/change/path-kind.ts";
import type { ProbedHunk, ProbedLine, TriedMutant } from "../../gates/probe.ts";
import { lineKey, mutable } from "./mutants.ts";
import type { Reach } from "./reach.ts";

type Reached = ProbedLine["reached"];

function measured(reach: Reach | undefined, path: string, lines: readonly number[]): Reached {
  if (!reach?.isMeasured) return "unknown";
  if (reach.rewritten.has(path)) return "unknown";
  const ran = reach.lines.get(path);
  if (ran) return lines.some((line) => ran.has(line)) ? "yes" : "no";
  // Not loaded, as far as can be seen. Where another file of its kind could not be measured, neither could it.
  const canBeSeen = [...reach.lines.keys()].some((other) => isSameKind(other, path));
  const isClouded = [...reach.rewritten].some((other) => isSameKind(other, path));
  return canBeSeen && !isClouded ? "no" : "unknown";
}

const kindOf = (path: string) =>
  /\.[cm]?[jt]sx?$/.test(path) ? "javascript" : /\.py$/.test(path) ? "python" : path;
const isSameKind = (a: string, b: string) => kindOf(a) === kindOf(b);

/** What base has built, benchmarks, examples: unless code of the product takes it in, or a check is seen to load it. */
function isBesideProduct({ path, before }: ChangedFile, files: readonly ChangedFile[]): boolean {
  const isBeside = isAroundPath(path) || (isBuiltPath(path) && before !== undefined);
  const name = path
    .split("/")
    .slice(-2)
    .join("/")
    .replace(/\.\w+$/, "");
  const takesIn = new RegExp(`["'\`/]${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?:\\.\\w+)?["'\`]`);
  const isProduct = (other: string) => !isAroundPath(other) && !isBuiltPath(other);
  return isBeside && !mutable(files).some((file) => isProduct(file.path) && takesIn.test(file.after ?? ""));
}

/** Those whose lines have to be reached and proved. */
export function countedFiles(files: readonly ChangedFile[], reach: Reach): readonly ChangedFile[] {
  return files.filter((file) => reach.lines.has(file.path) || !isBesideProduct(file, files));
}

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
  const untouched = new Set(
    mutants
      .filter(({ kind, result }) => kind === "poison" && result === "survived")
      .flatMap(({ path, lines: own }) => own.map((line) => lineKey(path, line))),
  );
  const lines: ProbedLine[] = [];
  const hunks: ProbedHunk[] = [];
  for (const { path, hunks: all } of mutable(files)) {
    for (const { executable, executableBefore, headStart, baseStart } of all) {
      const own = executable.map((line): ProbedLine => {
        const isNoticed = flipped.has(lineKey(path, line));
        const isUntouched = untouched.has(lineKey(path, line));
        return {
          path,
          line,
          reached: isNoticed ? "yes" : isUntouched ? "no" : measured(reach, path, [line]),
        };
      });
      lines.push(...own);
      if (executable.length + executableBefore.length === 0) continue;
      const isNoticed = executable.some((line) => putBack.has(lineKey(path, line)));
      const seen = isNoticed || own.some(({ reached }) => reached === "yes");
      const isOpen = own.some(({ reached }) => reached === "unknown");
      const reached = seen ? "yes" : isOpen ? "unknown" : own.length > 0 ? "no" : unseen(reach, path);
      hunks.push({ path, headStart, baseStart, executable, executableBefore, reached });
    }
  }
  return { lines, hunks };
}

/** Of a hunk that only removes lines: base has to tell, where it can. */
function unseen(reach: Reach, path: string): Reached {
  return measured(reach, path, []);
}

/** Hunks that nothing on head reaches: base may tell, where they changed or removed lines. */
export function withBaseReach(hunks: readonly ProbedHunk[], base: Reach): readonly ProbedHunk[] {
  return hunks.map((hunk) => {
    if (hunk.reached !== "no" || hunk.executableBefore.length === 0) return hunk;
    const reached = measured(base, hunk.path, hunk.executableBefore);
    // What head has told stands where base cannot tell.
    return reached === "unknown" && hunk.executable.length > 0 ? hunk : { ...hunk, reached };
  });
}
