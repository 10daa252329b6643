// Assertions of base's tests that the change took away, or replaced by ones that ask for less, though the test itself is
// still there. By the texts: base's version of such a test may well hold, and the repository is left with a weaker one.
// Where it is not plain, nothing is said. Pure.
import type { TestChanges } from "../core/test-report.ts";
import { languageOf } from "./change/language.ts";
import { diffLines, type Hunk } from "./change/line-diff.ts";
import { maskCode } from "./change/mask-code.ts";
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
const isStrict = (line: string) => (raises.test(line) ? isNarrowRaise(line) : isIn(strict, line));
/** From the assertion on, whatever leads to it (a condition, a loop). */
const plain = (line: string) =>
  line
    .replace(/^.*?(?=\b(?:assert|expect|t\.\w+\(|self\.assert))/, "")
    .replace(/\s+/g, "")
    .replace(/[;,]$/, "");

/** What an assertion on one line is about: its first operand, without what only wraps it. */
function subjectOf(line: string): string {
  if (raises.test(line)) return "raises";
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

/** Holds whatever the code does. */
const isIdle = (line: string) =>
  isIn(loose, line) && /^(?:true|1|!0|True|"[^"]*"|'[^']*')$/.test(subjectOf(line));
/** Goes on below: what it asks for cannot be told. */
const isOpen = (line: string) => /[([{,]$/.test(line);

/** Lines without comments, trimmed; strings stay. */
function codeLines(path: string, text: string): string[] {
  const language = languageOf(path);
  const comments = (language === undefined ? "" : maskCode(text, language).comments).split("\n");
  return text.split("\n").map((line, index) => {
    const comment = comments[index] ?? "";
    const code = [...line].map((letter, at) => ((comment[at] ?? " ") === " " ? letter : " ")).join("");
    return code.replace(/\/\/\s*$|^\s*#\s*$/, "").trim();
  });
}

interface Place {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Every line of the tests as the change left them. */
  readonly kept: ReadonlySet<string>;
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
    const same = now.filter((each) => isAny(each) && (subjectOf(each) === subject || isIdle(each)));
    const asksForLess =
      isStrict(line) && same.length > 0 && !same.some((each) => isStrict(each) || isOpen(each));
    return isGone || asksForLess ? [baseStart + index] : [];
  });
}

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
  return changes.changed.flatMap((path) => {
    const [before, after] = [base.text(path), head.text(path)];
    if (before === undefined || after === undefined || languageOf(path) === undefined) return [];
    if (mayChange(facts, changes, { id: "", file: path })) return [];
    const place = { before: codeLines(path, before), after: codeLines(path, after), kept };
    return diffLines(before, after).flatMap((hunk) => weakerIn(hunk, place).map((line) => `${path}:${line}`));
  });
}
