// Left-overs in code: debug prints, to-dos, code that was commented out.
import type { ChangedFile } from "../change/changed-files.ts";
import { type Language, languageOf } from "../change/language.ts";
import { maskCode } from "../change/mask-code.ts";
import { addedLines, type HygieneFacts, type Note } from "./note.ts";

/** Stops a program where it stands: never meant to stay. */
const breakpoints: Readonly<Record<Language, RegExp>> = {
  javascript: /(?<![\w.$])debugger\b(?!\s*[:=(])/,
  python: /\b(?:i?pdb|pudb)\.set_trace\s*\(|(?<![\w.])breakpoint\s*\(/,
  "c-like": /\bdbg!\s*\(/,
  shell: /\bbinding\.pry\b|\bbyebug\b/,
};

const prints: Readonly<Record<Language, RegExp>> = {
  javascript: /(?<![\w.$])console\.(?:log|debug|dir|trace|table)\s*\(/,
  python: /(?<![\w.])p?print\s*\(/,
  "c-like": /\b(?:e?println!|fmt\.Print(?:ln|f)?|System\.out\.print(?:ln|f)?|Console\.WriteLine)\s*\(/,
  // A shell script's output is its work.
  shell: /$^/,
};

/** Whose business is to write to the terminal. */
const writesOut =
  /(?:^|\/)(?:bin|cli|cmd|scripts?|tools?|examples?|bench(?:marks?)?|demos?)\/|(?:^|[/._-])(?:cli|main|__main__|log\w*|print\w*|report\w*|console|repl|debug|commands?|build|run)\.\w+$/i;

function isProgram({ path, after = "" }: ChangedFile, { texts }: HygieneFacts): boolean {
  const manifest = texts.head.text("package.json") ?? "";
  const bin = /"bin"\s*:\s*(?:"[^"]*"|\{[^}]*\})/.exec(manifest)?.[0] ?? "";
  const isMain = /^package main\b/m.test(after) || /__name__\s*==\s*["']__main__["']/.test(after);
  return writesOut.test(path) || after.startsWith("#!") || isMain || bin.includes(path);
}

interface Scanned {
  readonly file: ChangedFile;
  readonly language: Language;
  readonly code: readonly string[];
  readonly comments: readonly string[];
  readonly baseCode: string;
  readonly baseComments: string;
}

function scanned(file: ChangedFile): Scanned[] {
  const language = languageOf(file.path);
  if (language === undefined || file.after === undefined) return [];
  const [now, before] = [maskCode(file.after, language), maskCode(file.before ?? "", language)];
  const split = (text: string) => text.split("\n");
  return [
    {
      ...{ file, language, code: split(now.code), comments: split(now.comments) },
      baseCode: before.code,
      baseComments: before.comments,
    },
  ];
}

function debugNotes(scan: Scanned, facts: HygieneFacts): Note[] {
  const { file, language, code, baseCode } = scan;
  if (file.kind !== "code") return [];
  const mayPrint = prints[language].test(baseCode) || isProgram(file, facts);
  return addedLines(file).flatMap((line) => {
    const text = code[line - 1] ?? "";
    if (breakpoints[language].test(text)) return [`${file.path}:${line}: a breakpoint is left in`];
    return !mayPrint && prints[language].test(text)
      ? [`${file.path}:${line}: a debug print is left in, nothing else in this file prints`]
      : [];
  });
}

const toDo = /\b(?:TODO|FIXME|XXX|HACK)\b/g;

function toDoNotes(scans: readonly Scanned[]): Note[] {
  const count = (text: string) => text.match(toDo)?.length ?? 0;
  const total = (pick: (scan: Scanned) => string) => scans.reduce((sum, scan) => sum + count(pick(scan)), 0);
  // Moving one is not adding one.
  if (total(({ comments }) => comments.join("\n")) <= total(({ baseComments }) => baseComments)) return [];
  return scans.flatMap(({ file, comments }) =>
    addedLines(file)
      .filter((line) => count(comments[line - 1] ?? "") > 0)
      .map((line) => `${file.path}:${line}: a to-do is left for others`),
  );
}

const looksLikeCode: Readonly<Record<Language, RegExp>> = {
  javascript:
    /^(?:(?:const|let|var)\s+[\w{[$].*=.*|return\b.*;|(?:if|for|while|switch)\s*\(.*\)\s*\{|[\w$.]+\([^)]*\);|[\w$.[\]]+\s*[+-]?=\s*.+;|import\s.*\sfrom\s.*;?|\}\s*(?:else\s*\{)?|throw new .*;)$/,
  "c-like":
    /^(?:return\b.*;|(?:if|for|while|switch)\b.*\{|[\w.:]+\([^)]*\);?|let\s.*=.*;|[\w.]+\s*:?=\s*.+|\}\s*(?:else\s*\{)?)$/,
  python:
    /^(?:[\w.]+\s*=\s*\S.*|[\w.]+\(.*\)|(?:if|for|while|def|class|with|elif)\b.*:|(?:import|from)\s\w+.*)$/,
  shell: /$^/,
};

/** Two such lines in a row, or one that was code on base: a single one may be prose. */
function commentedOutNotes({ file, language, code, comments, baseCode }: Scanned): Note[] {
  if (language === "shell") return [];
  const wasCode = new Set(baseCode.split("\n").map((line) => line.trim()));
  const added = new Set(addedLines(file));
  const isCode = (line: number) => {
    const text = (comments[line - 1] ?? "").trim();
    const stands = added.has(line) && (code[line - 1] ?? "").trim() === "";
    return stands && !text.startsWith("*") && looksLikeCode[language].test(text);
  };
  const found = [...added].find((line) => {
    const text = (comments[line - 1] ?? "").trim();
    const isOld = text.length > 8 && wasCode.has(text);
    return isCode(line) && (isOld || isCode(line + 1)) && /[=(]/.test(text);
  });
  return found === undefined ? [] : [`${file.path}:${found}: code is commented out instead of removed`];
}

export function leftoverNotes(facts: HygieneFacts): Note[] {
  const scans = facts.files.flatMap(scanned);
  return [
    ...scans.flatMap((scan) => debugNotes(scan, facts)),
    ...toDoNotes(scans),
    ...scans.flatMap(commentedOutNotes),
  ];
}
