// Hunks that belong to no item: they change or remove code that no check reaches, and nothing else in the change
// makes them necessary.
import type { ChangedFile } from "../change/changed-files.ts";
import { languageOf } from "../change/language.ts";
import { maskCode } from "../change/mask-code.ts";
import type { Probe, ProbedHunk } from "../probe.ts";

function namesIn(path: string, text: string | undefined): ReadonlySet<string> {
  const language = languageOf(path);
  if (language === undefined || text === undefined) return new Set();
  return new Set(maskCode(text, language).code.match(/[A-Za-z_$][\w$]*/g) ?? []);
}

/** What only one of them has. */
function differing(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a, ...b].filter((name) => !(a.has(name) && b.has(name))));
}

/** Names that the change brings to the code, or takes from it altogether. */
function changedNames(files: readonly ChangedFile[]): ReadonlySet<string> {
  const code = files.filter(({ kind }) => kind === "code");
  const [before, after] = [new Set<string>(), new Set<string>()];
  for (const { path, before: old, after: now } of code) {
    for (const name of namesIn(path, old)) before.add(name);
    for (const name of namesIn(path, now)) after.add(name);
  }
  return differing(before, after);
}

/** Names on one side of the hunk only. */
function differingNames(path: string, file: ChangedFile["hunks"][number]): ReadonlySet<string> {
  const [before, after] = [file.baseLines, file.headLines].map((lines) => namesIn(path, lines.join("\n")));
  return differing(before ?? new Set(), after ?? new Set());
}

/** A caller that follows a renamed or a new name belongs to what is reached elsewhere. */
function follows(hunk: ProbedHunk, files: readonly ChangedFile[], names: ReadonlySet<string>): boolean {
  const file = files.find(({ path }) => path === hunk.path);
  const own = file?.hunks.find(
    ({ headStart, baseStart }) => headStart === hunk.headStart && baseStart === hunk.baseStart,
  );
  return own !== undefined && [...differingNames(hunk.path, own)].some((name) => names.has(name));
}

/** Of names, only those that a reached hunk has on one side count: what is unrelated cannot excuse itself. */
export function unrelatedHunks(files: readonly ChangedFile[], probe: Probe): readonly ProbedHunk[] {
  const candidates = probe.hunks.filter(
    ({ reached, executableBefore }) => reached === "no" && executableBefore.length > 0,
  );
  if (candidates.length === 0) return [];
  const related = new Set<string>();
  for (const { path, hunks } of files)
    for (const hunk of hunks) {
      const probed = probe.hunks.find(
        ({ path: where, headStart, baseStart }) =>
          where === path && headStart === hunk.headStart && baseStart === hunk.baseStart,
      );
      if (probed?.reached === "yes") for (const name of differingNames(path, hunk)) related.add(name);
    }
  const names = new Set([...changedNames(files)].filter((name) => related.has(name)));
  return candidates.filter((hunk) => !follows(hunk, files, names));
}
