// Assertions of base's tests that the change took away, or replaced by ones that ask for less, though the test itself is
// still there. By the texts: base's version of such a test may well hold, and the repository is left with a weaker one.
// Where it is not plain, nothing is said. Pure.
import type { TestChanges } from "../core/test-report.ts";
import { languageOf } from "./change/language.ts";
import { diffLines, type Hunk } from "./change/line-diff.ts";
import { maskCode } from "./change/mask-code.ts";
import { mutedLines, plainAssertion as plain, type TestText, thinnerLines } from "./muted-tests.ts";
import { mayChange, type PermissionFacts } from "./test-permission.ts";

const strict: readonly RegExp[] = [
  /\bassert\.(?:strict\.)?(?:(?:not)?(?:deep)?(?:strict)?equal\w*|match|throws(?=\(.*,)|rejects(?=\(.*,)|snapshot)\s*\(/i,
  /\bexpect\s*\(.*\)(?:\.\w+)*\.(?:toBe|toEqual|toStrictEqual|toMatch\w*|toHave\w+|toContain\w*|toThrow\w*(?=\(\S)|equal|eql?|deep|members|a|an|match|include\w*|throw(?=\(\S))\s*\(/,
  /\bt\.(?:is|equals?|same|deepEqual|deepEquals|strictSame|like|regex|match|throws(?=\(.*,))\s*\(/,
  /\bself\.assert(?:\w*Equal|In|Is|Regex|Greater|Less|Raises)\w*\s*\(/,
  /^assert\s.+\s(?:==|!=|is|in|<|>|<=|>=)\s/,
  /\bassert_(?:eq|ne)!\s*\(/,
];
const loose: readonly RegExp[] = [
  /\bassert(?:\.(?:ok|exists|isDefined|doesNot\w+|throws|rejects))?\s*\(/,
  /\bexpect\s*\(.*\)(?:\.\w+)*\.(?:toBeTruthy|toBeDefined|toBeFalsy|toBeTypeOf|toBeInstanceOf|toThrow|toBeNull|toBeUndefined|throw|ok|exist)\b/,
  /\bt\.(?:ok|truthy|assert|pass|throws|notThrows)\s*\(/,
  /\bself\.assert(?:True|IsNotNone)\s*\(/,
  /^assert\s/,
  /\bassert!\s*\(/,
];
const raises = /\b(?:pytest\.raises|assertRaises)\s*\(\s*(\w+)/;
const go = /\bt\.(?:Errorf?|Fatalf?|Fail(?:Now)?)\s*\(/;
const declaration =
  /\b(?:it|test|specify|describe|context|suite)\b[^;]*\(\s*["'`]|\bdef\s+test|\bfunc\s+Test|#\[test\]|\bfn\s+\w+/;

const isIn = (patterns: readonly RegExp[], line: string) => patterns.some((pattern) => pattern.test(line));
const isAny = (line: string) => isIn(strict, line) || isIn(loose, line) || raises.test(line) || go.test(line);
const isNarrowRaise = (line: string) => !/^(?:Base)?Exception$/.test(raises.exec(line)?.[1] ?? "Exception");
/** Any value, or any text, will do. */
const anything =
  /\(\s*typeof\b|\bassert typeof\b|\bisinstance\(|\bassert type\(|\/(?:\.\*|\.\+|\^|\$|\(\?:\))?\/[a-z]*\s*\)|\bexpect\.any(?:thing)?\(|\b(?:mock\.)?ANY\b/;
const isStrict = (line: string) =>
  raises.test(line) ? isNarrowRaise(line) : isIn(strict, line) && !anything.test(line);

/** How much is asked of an error: its kind and text, its kind, any error; `undefined` where it is not about one. */
function errorRank(line: string): number | undefined {
  if (/\bassertRaisesRegex\s*\(|\bpytest\.raises\s*\(.*\bmatch\s*=/.test(line)) return 3;
  if (raises.test(line)) return isNarrowRaise(line) ? 2 : 1;
  const thrown = /\.(?:throws|rejects|toThrow\w*)\s*\((.*)\)/.exec(line)?.[1];
  if (thrown === undefined) return undefined;
  return /(?:^|,)\s*Error$/.test(thrown) ? 1 : 2;
}

/** What an assertion on one line is about: its first operand, without what only wraps it. */
function subjectOf(line: string): string {
  if (raises.test(line) || /\bassertRaisesRegex\s*\(/.test(line)) return "raises";
  const python = /^assert\s+(.+?)(?:\s(?:==|!=|is|in|<|>|<=|>=)\s|,|$)/.exec(line)?.[1];
  const open = /\b(?:assert[\w.!]*|expect|t\.\w+|self\.assert\w+)\s*\(/.exec(line);
  if (python !== undefined && !/^assert\s*\(/.test(line)) return plain(python);
  if (!open) return "";
  const from = open.index + open[0].length;
  let depth = 1;
  let end = from;
  while (end < line.length) {
    const char = line[end] ?? "";
    if ("([{".includes(char)) depth++;
    if (")]}".includes(char)) depth--;
    if (depth === 0 || (depth === 1 && char === ",")) break;
    end++;
  }
  return plain(line.slice(from, end).replace(/^\s*(?:(?:async\s*)?\(\)\s*=>\s*)?(?:await\s+)?/, ""));
}

/** Compared with itself. */
function isOwnMirror(line: string): boolean {
  const text = plain(line);
  const of = subjectOf(line);
  const escaped = of.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return of !== "" && new RegExp(`^.*?\\b${escaped}(?:,|\\)(?:\\.\\w+)+\\(|==|is)${escaped}\\)*$`).test(text);
}
/** Holds whatever the code does. */
const isIdle = (line: string) =>
  isOwnMirror(line) ||
  (!isStrict(line) && isIn(loose, line) && /^(?:true|1|!0|True|"[^"]*"|'[^']*')$/.test(subjectOf(line)));
/** Without what asks for its type alone. */
const bareSubject = (line: string) =>
  subjectOf(line).replace(/^typeof(?=\w)|^(?:isinstance|type)\((.*?)(?:,.*)?\)?$/, "$1");
/** Something that may assert in a way of its own. */
const asserting =
  /\b(?:assert|expect|should|must|throw|rais|fail|reject|check|verif|ensure|deny|refute|match|snapshot|compare|same|equal|is[A-Z]|has[A-Z])\w*|\bt\.(?!Log)\w+\s*\(|\bself\.\w+\s*\(/i;
/** Goes on below: what it asks for cannot be told. */
const isOpen = (line: string) => /[([{,]$/.test(line);

/** Lines without comments; strings stay. */
function codeLines(path: string, text: string): string[] {
  const language = languageOf(path);
  const comments = (language === undefined ? "" : maskCode(text, language).comments).split("\n");
  return text.split("\n").map((line, index) => {
    const comment = comments[index] ?? "";
    const code = [...line].map((letter, at) => ((comment[at] ?? " ") === " " ? letter : " ")).join("");
    return code.replace(/\/\/\s*$|^\s*#\s*$/, "").trimEnd();
  });
}

interface Place {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Every line of the tests as the change left them. */
  readonly kept: ReadonlySet<string>;
  /** New lines of all tests. */
  readonly added: string;
}

const values = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b\d[\d_.]*\b/g;

/** What it expects stands among the new lines still, in a table or beside a helper. */
function isKnown(line: string, { added }: Place): boolean {
  const wanted = line.match(values) ?? [];
  return wanted.length > 0 && wanted.every((value) => added.includes(value));
}

/** The test that the line stands in has as many assertions as before: another way to ask, a few lines further on. */
function hasAsMany(number: number, { before, after }: Place): boolean {
  const name = before.slice(0, number).findLast((each) => declaration.test(each));
  const count = (lines: readonly string[]) => {
    const from = name === undefined ? 0 : lines.indexOf(name) + 1;
    const length = lines.slice(from).findIndex((each) => declaration.test(each));
    const own = lines.slice(from, length === -1 ? lines.length : from + length);
    return own.filter((each) => isAny(each) && !isIdle(each)).length;
  };
  return name !== undefined && after.includes(name) && count(after) >= count(before);
}

function weakerIn({ baseStart, baseLines, headStart, headLines }: Hunk, place: Place): number[] {
  const old = place.before.slice(baseStart - 1, baseStart - 1 + baseLines.length);
  const now = place.after
    .slice(headStart - 1, headStart - 1 + headLines.length)
    .filter((line) => line !== "");
  const hasOwnTest = old.some((line) => declaration.test(line));
  return old.flatMap((line, index) => {
    if (!isAny(line) || place.kept.has(plain(line))) return [];
    const isGone = now.length === 0 && !hasOwnTest;
    const subject = subjectOf(line);
    const about = (each: string) => [subjectOf(each), bareSubject(each)].includes(subject);
    const same = now.filter((each) => isAny(each) && (about(each) || isIdle(each)));
    const asks = (each: string) => (isStrict(each) && !isIdle(each)) || isOpen(each);
    const asksForLess = isStrict(line) && same.length > 0 && !same.some(asks);
    const rank = errorRank(line) ?? 0;
    const others = same.flatMap((each) => errorRank(each) ?? []);
    const isWider = others.length > 0 && others.every((each) => each < rank) && !now.some(isOpen);
    const isDropped =
      now.length > 0 &&
      !hasOwnTest &&
      !now.some((each) => asserting.test(each.replace(values, ""))) &&
      (go.test(line) || !isKnown(line, place)) &&
      !hasAsMany(baseStart + index, place);
    return isGone || asksForLess || isWider || isDropped ? [baseStart + index] : [];
  });
}

const testText = (path: string, text: string): TestText => ({
  lines: codeLines(path, text),
  isAssertion: isAny,
  isDeclaration: (line) => declaration.test(line),
});

/** `path:line`, by the numbers of base. */
export function weakerAssertions(
  facts: PermissionFacts,
  changes: Pick<TestChanges, "changed" | "added" | "deleted">,
): string[] {
  const { base, head } = facts.texts;
  const kept = new Set(
    [...changes.changed, ...changes.added].flatMap((path) =>
      codeLines(path, head.text(path) ?? "").map(plain),
    ),
  );
  const added = [...changes.changed, ...changes.added]
    .flatMap((path) => diffLines(base.text(path) ?? "", head.text(path) ?? ""))
    .flatMap(({ headLines }) => headLines)
    .join("\n");
  return changes.changed.flatMap((path) => {
    const [before, after] = [base.text(path), head.text(path)];
    if (before === undefined || after === undefined || languageOf(path) === undefined) return [];
    if (mayChange(facts, changes, { id: "", file: path })) return [];
    const [old, now] = [testText(path, before), testText(path, after)];
    const trimmed = (lines: readonly string[]) => lines.map((line) => line.trim());
    const place = { before: trimmed(old.lines), after: trimmed(now.lines), kept, added };
    const lines = [
      ...diffLines(before, after).flatMap((hunk) => weakerIn(hunk, place)),
      ...mutedLines(old, now),
      ...thinnerLines(old, now, added),
    ];
    return [...new Set(lines)].sort((a, b) => a - b).map((line) => `${path}:${line}`);
  });
}
