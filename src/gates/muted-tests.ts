// Assertions of base's tests that still stand in the text and no longer decide anything: behind a condition, after a
// return, in a block that swallows errors, in a function that nobody calls. And tests that try fewer values. Pure.
import { diffLines, type Hunk } from "./change/line-diff.ts";

export interface TestText {
  /** Without comments; indented as they stand. */
  readonly lines: readonly string[];
  readonly isAssertion: (line: string) => boolean;
  readonly isDeclaration: (line: string) => boolean;
}

const indentOf = (line: string) => /^\s*/.exec(line)?.[0].length ?? 0;
const start = /\b(?:assert|expect|t\.\w+\(|self\.assert|(?:debug_)?assert_)/;

/** From the assertion on, whatever leads to it. */
export const plainAssertion = (line: string) =>
  line
    .trim()
    .replace(new RegExp(`^.*?(?=${start.source})`), "")
    .replace(/\s+/g, "")
    .replace(/[;,]$/, "");

/** The nearest line above that is indented less: a block's first one. */
function enclosing(lines: readonly string[], at: number): number {
  const own = indentOf(lines[at] ?? "");
  for (let line = at - 1; line >= 0; line--) {
    const text = lines[line] ?? "";
    if (text.trim() !== "" && indentOf(text) < own && !/^\s*[)\]}]/.test(text)) return line;
  }
  return -1;
}

const failing = /\b(?:assert|expect|throw|raise|fail|reject|t\.\w+\()/i;

/** A `try` whose errors end in a block that says nothing of them. */
function isSwallowed(lines: readonly string[], at: number): boolean {
  const own = indentOf(lines[at] ?? "");
  const end = lines.findIndex(
    (line, index) => index > at && indentOf(line) === own && /^\s*(?:\}\s*catch\b|except\b)/.test(line),
  );
  const stop = lines.findIndex((line, index) => index > at && line.trim() !== "" && indentOf(line) < own);
  if (end === -1 || (stop !== -1 && stop < end)) return false;
  const rest = lines.slice(end + 1);
  const length = rest.findIndex((line) => line.trim() !== "" && indentOf(line) <= own);
  return ![lines[end], ...rest.slice(0, length === -1 ? rest.length : length)].some((line) =>
    failing.test((line ?? "").replace(/^\s*except\b.*?:/, "")),
  );
}

const conditional = /^(?:if\b|unless\b|while\b)|&&\s*$|\|\|\s*$|\?\s*$/;
const neverCalled = /^(?:async\s*)?\([^)]*\)\s*=>\s*\{?\s*$/;

/** What keeps an assertion from deciding; empty where nothing does. */
function muteOf({ lines, isDeclaration }: TestText, at: number): string {
  const line = lines[at] ?? "";
  const lead = line.slice(0, start.exec(line)?.index ?? 0).trim();
  if (conditional.test(lead) || neverCalled.test(lead)) return "condition";
  let block = enclosing(lines, at);
  // In Go the condition is the assertion.
  const isGo = /\bt\.(?:Error|Fatal|Fail)/.test(line);
  for (; block >= 0 && !isDeclaration(lines[block] ?? ""); block = enclosing(lines, block)) {
    const text = (lines[block] ?? "").trim();
    if (!isGo && (conditional.test(text) || neverCalled.test(text))) return "condition";
    if (/^try\b/.test(text) && isSwallowed(lines, block)) return "swallowed";
    if (/^with\b.*\bsuppress\(/.test(text)) return "swallowed";
  }
  return block >= 0 && isReturnedBefore(lines, block, at) ? "returned" : "";
}

/** Of the test itself, or of a condition right below it; not of a function in it. */
function isReturnedBefore(lines: readonly string[], declared: number, at: number): boolean {
  return lines.slice(declared + 1, at).some((text, index) => {
    const line = declared + 1 + index;
    if (!/^\s*(?:if\b.*[\s:)])?return;?\s*$/.test(text)) return false;
    const block = enclosing(lines, line);
    if (block === declared) return true;
    return /^\s*if\b/.test(lines[block] ?? "") && enclosing(lines, block) === declared;
  });
}

/** Lines of each assertion, by its text and the test that it stands in. */
function placesOf({ lines, isAssertion, isDeclaration }: TestText): Map<string, number[]> {
  const found = new Map<string, number[]>();
  let test = "";
  for (const [at, line] of lines.entries()) {
    if (isDeclaration(line.trim())) test = line.trim();
    if (!isAssertion(line.trim())) continue;
    const key = `${plainAssertion(line)} in ${test}`;
    found.set(key, [...(found.get(key) ?? []), at]);
  }
  return found;
}

/** Alternatives of the condition that a Go test fails by. */
function alternatives(lines: readonly string[], at: number): string[] {
  const text = lines[enclosing(lines, at)] ?? "";
  const condition = /^\s*(?:\}\s*else\s+)?if\b(.*)\{$/.exec(text)?.[1] ?? "";
  return condition === "" ? [] : condition.replace(/^.*;/, "").split("||");
}

/** Numbers of base's lines (from 1) whose assertions decide nothing, or less, in the text of the change. */
export function mutedLines(before: TestText, after: TestText): number[] {
  const now = placesOf(after);
  return [...placesOf(before)].flatMap(([key, places]) => {
    const others = now.get(key) ?? [];
    if (others.length !== places.length) return [];
    return places
      .filter((at, index) => {
        const other = others[index] ?? 0;
        if (muteOf(before, at) === "" && muteOf(after, other) !== "") return true;
        const isGo = /\bt\.(?:Error|Fatal|Fail)/.test(before.lines[at] ?? "");
        return isGo && alternatives(after.lines, other).length < alternatives(before.lines, at).length;
      })
      .map((at) => at + 1);
  });
}

const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[\w$]+(?:\.\d+)?|[^\s\w]/g;
const isValue = (token: string) => /^["'`\d]/.test(token);

/** Values between brackets or braces that the line had and has no more; empty where anything else is different. */
function valuesTakenOut(before: string, after: string): string[] {
  const now = after.match(tokens) ?? [];
  const taken: string[] = [];
  let [at, depth] = [0, 0];
  for (const token of before.match(tokens) ?? []) {
    if (now[at] === token) at++;
    else if (depth === 0) return [];
    else taken.push(token);
    if ("[{".includes(token)) depth++;
    if ("]}".includes(token)) depth--;
  }
  return at === now.length ? taken.filter(isValue) : [];
}

/** Compares all of something: what it no longer wants is no longer there. */
const isWhole = (line: string) =>
  /equal|same\(|\bt\.is\(|\.toBe\(|\.(?:eql?|members)\(|^assert\s.*==/i.test(line) &&
  !/^for\b|Each\(/.test(line);
const isRow = (line: string) => /^[[({].*[\])}],?$/.test(line);

function thinnerIn({ baseStart, baseLines, headLines }: Hunk, added: string): number[] {
  const now = headLines.map((line) => line.trim());
  const known = new Set<string>(added.match(tokens) ?? []);
  const isLost = (values: readonly string[]) =>
    values.length > 0 && values.some((value) => !known.has(value));
  return baseLines.flatMap((raw, index) => {
    const line = raw.trim();
    const isSameCount = headLines.length === baseLines.length;
    const taken = isSameCount && !isWhole(line) ? valuesTakenOut(line, now[index] ?? "") : [];
    const isGone = headLines.length === 0 && isRow(line);
    const values = isGone ? (line.match(tokens) ?? []).filter(isValue) : taken;
    return isLost(values) ? [baseStart + index] : [];
  });
}

/** Numbers of base's lines of which values were taken out that stand nowhere else among the new lines. */
export function thinnerLines(before: TestText, after: TestText, added: string): number[] {
  return diffLines(before.lines.join("\n"), after.lines.join("\n")).flatMap((hunk) =>
    hunk.baseLines.some((line) => before.isDeclaration(line.trim())) ? [] : thinnerIn(hunk, added),
  );
}
