// From a change to its mutants: every file and hunk put back as base has it, and flips on each line that does something.
import type { ChangedFile, ChangedHunk } from "../../gates/change/changed-files.ts";
import { extensionOf, languageOf } from "../../gates/change/language.ts";
import { linesOf } from "../../gates/change/line-diff.ts";
import { maskCode } from "../../gates/change/mask-code.ts";
import type { Mutant } from "../../gates/probe.ts";
import { flipsOf } from "./flips.ts";

export interface MadeMutant extends Mutant {
  /** Whole files by path; `null`: it is taken away. */
  readonly texts: ReadonlyMap<string, string | null>;
}

/** Code outside tests; everything else is exempt. */
export function mutable(files: readonly ChangedFile[]): readonly ChangedFile[] {
  return files.filter(({ kind, after }) => kind === "code" && after !== undefined);
}

function splice(text: string, start: number, count: number, lines: readonly string[]): string {
  const all = linesOf(text);
  all.splice(start - 1, count, ...lines);
  return all.join("\n") + (text.endsWith("\n") || text === "" ? "\n" : "");
}

/** The file as head has it, with some of its hunks as base has them. */
export function withPutBack({ after = "" }: ChangedFile, hunks: readonly ChangedHunk[]): string {
  return hunks
    .toSorted((a, b) => b.headStart - a.headStart)
    .reduce((text, hunk) => splice(text, hunk.headStart, hunk.headLines.length, hunk.baseLines), after);
}

function span({ headStart, headLines }: ChangedHunk): string {
  if (headLines.length === 0) return `what was removed before line ${headStart}`;
  return headLines.length === 1
    ? `line ${headStart}`
    : `lines ${headStart} to ${headStart + headLines.length - 1}`;
}

/** Everything that is code, put back at once: what the checks must notice if any of it matters. */
export function wholeMutant(files: readonly ChangedFile[]): MadeMutant {
  const texts = new Map(mutable(files).map(({ path, before }) => [path, before ?? null]));
  return { path: ".", lines: [], kind: "change", what: "the whole change was put back", texts };
}

/** Files and hunks in which nothing runs that did not run before are left out: pure deletions, comments, types. */
export function dropMutants(files: readonly ChangedFile[]): MadeMutant[] {
  const made: MadeMutant[] = [];
  for (const file of mutable(files)) {
    const { path, before, hunks } = file;
    const telling = hunks.filter(({ executable }) => executable.length > 0);
    const lines = telling.flatMap(({ executable }) => executable);
    if (lines.length === 0) continue;
    if (telling.length > 1 || before === undefined) {
      const what = before === undefined ? "the new file was taken away" : "the whole file was put back";
      made.push({ path, lines, kind: "file", what, texts: new Map([[path, before ?? null]]) });
    }
    if (before === undefined) continue;
    for (const hunk of telling) {
      const text = withPutBack(file, [hunk]);
      const { executable } = hunk;
      const what = `${span(hunk)} put back`;
      made.push({ path, lines: executable, kind: "hunk", what, texts: new Map([[path, text]]) });
    }
  }
  return made;
}

/** By line, the most telling flip first. */
export function flipMutants(files: readonly ChangedFile[]): ReadonlyMap<string, readonly MadeMutant[]> {
  const byLine = new Map<string, readonly MadeMutant[]>();
  for (const { path, after = "", hunks } of mutable(files)) {
    const language = languageOf(path);
    if (!language) continue;
    const raw = linesOf(after);
    const code = maskCode(after, language).code.split("\n");
    for (const line of hunks.flatMap(({ executable }) => executable)) {
      const flips = flipsOf(raw[line - 1] ?? "", code[line - 1] ?? "", language);
      const made = flips.map(
        ({ kind, what, text }): MadeMutant => ({
          ...{ path, lines: [line], kind },
          what: `line ${line}: ${what}`,
          texts: new Map([[path, splice(after, line, 1, [text])]]),
        }),
      );
      byLine.set(lineKey(path, line), made);
    }
  }
  return byLine;
}

const breakdowns: Readonly<Record<string, string>> = {
  javascript: 'throw new Error("reached");',
  go: 'panic("reached");',
  rs: "panic!();",
};
const beginsStatement =
  /^(?:(?:return|if|const|let|var|for|while|throw|switch|await|try|match)\b|[\w$.]+\(.*\);)/;

/** Breaks down at this line, where it begins a statement of a language that has a short word for that. */
export function poisonMutant({ path, after = "" }: ChangedFile, line: number): MadeMutant | undefined {
  const language = languageOf(path);
  const breakdown = breakdowns[language === "javascript" ? language : extensionOf(path)];
  if (breakdown === undefined || language === undefined) return undefined;
  const code = maskCode(after, language).code.split("\n");
  const above = code.slice(0, line - 1).findLast((text) => text.trim() !== "") ?? ";";
  const isInside = /[;{}]\s*$/.test(above) && beginsStatement.test(code[line - 1]?.trim() ?? "");
  if (!isInside) return undefined;
  const texts = new Map([[path, splice(after, line, 1, [`${breakdown} ${linesOf(after)[line - 1] ?? ""}`])]]);
  return { path, lines: [line], kind: "poison", what: `line ${line}: it breaks down when reached`, texts };
}

export function lineKey(path: string, line: number): string {
  return `${path}:${line}`;
}
