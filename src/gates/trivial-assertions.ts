// Whether the text of a test asserts anything that could turn out otherwise. By its words; where it is not plain, the
// answer is that it does. Pure.
import { languageOf } from "./change/language.ts";
import { maskCode } from "./change/mask-code.ts";

interface Assertion {
  readonly from: number;
  readonly to: number;
  /** Texts of what it is about. */
  readonly operands: readonly string[];
}

/** Texts of the arguments, and where the closing bracket is; `undefined` where it is not closed. */
function argumentsAt(code: string, text: string, open: number): { args: string[]; end: number } | undefined {
  const args: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < code.length; at++) {
    const char = code[at] ?? "";
    if ("([{".includes(char)) depth++;
    if (")]}".includes(char)) depth--;
    const isEnd = depth === 0;
    if (!isEnd && !(char === "," && depth === 1)) continue;
    args.push(text.slice(from, at).trim());
    from = at + 1;
    if (isEnd) return { args: args.filter((arg) => arg !== ""), end: at + 1 };
  }
  return undefined;
}

const calls =
  /(?:\b(?:assert|expect|chai\.\w+)(?:\.\w+)*|\b(?:t|self)\.(?:assert\w*|is|not|ok|true|false|truthy|falsy|equal|same|deepEqual|pass|end|plan))\s*\(/g;
/** `expect(a).not.toBe(b)` is about both. */
const matcher = /^\s*(?:\.\w+)*?\.\w+\s*\(/;

function assertionsIn(code: string, text: string): Assertion[] {
  const found: Assertion[] = [];
  for (const match of code.matchAll(calls)) {
    const open = match.index + match[0].length - 1;
    const called = argumentsAt(code, text, open);
    if (!called) continue;
    const second = /^expect\b/.test(match[0]) ? matcher.exec(code.slice(called.end)) : null;
    const matched = second ? argumentsAt(code, text, called.end + second[0].length - 1) : undefined;
    const operands = [...called.args.slice(0, 2), ...(matched?.args.slice(0, 1) ?? [])];
    found.push({ from: match.index, to: matched?.end ?? called.end, operands });
  }
  for (const match of code.matchAll(/^[ \t]*assert[ \t]+([^\n]+)$/gm)) {
    const from = match.index + match[0].indexOf(match[1] ?? "");
    const whole = text.slice(from, match.index + match[0].length).replace(/,\s*f?["'].*$/, "");
    const sides = whole.split(/\s(?:==|is|>=|<=)\s/);
    found.push({ from: match.index, to: match.index + match[0].length, operands: sides });
  }
  return found;
}

const plainWords =
  /\b(?:true|false|null|undefined|None|True|False|NaN|Infinity|new|Object|Array|not|and|or|is|in)\b/g;

/** Nothing in it has a name: literals alone. */
function isLiteral(operand: string): boolean {
  const bare = operand.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`$]*`/g, "").replace(plainWords, "");
  return !/[A-Za-z_$]/.test(bare.replace(/\b\d[\w.]*/g, ""));
}

function isTrivial({ operands }: Assertion): boolean {
  const [first, second] = operands;
  if (operands.every(isLiteral)) return true;
  if (/\|\|\s*true\b|\bor\s+True\b/.test(first ?? "")) return true;
  return second !== undefined && first?.replace(/\s/g, "") === second.replace(/\s/g, "");
}

/** Words of something that may assert in a way of its own. */
const asserting =
  /\b(?:assert|expect|should|must|throw|rais|fail|reject|check|verif|ensure|deny|refute|match|snapshot|warn)\w*|\bt\.\w+\s*\(|\bself\.\w+\s*\(/i;

export function assertsNothing(path: string, text: string): boolean {
  const language = languageOf(path);
  if (language !== "javascript" && language !== "python") return false;
  const { code } = maskCode(text, language);
  const assertions = assertionsIn(code, text);
  if (!assertions.every(isTrivial)) return false;
  const rest = assertions
    .toSorted((a, b) => b.from - a.from)
    .reduce((left, { from, to }) => left.slice(0, from) + left.slice(to), code);
  const body = rest.replace(/^\s*(?:import|from)\b.*$|^.*\brequire\(.*$|\bdef\s+\w+|\bclass\s+\w+/gm, "");
  return !asserting.test(body);
}
