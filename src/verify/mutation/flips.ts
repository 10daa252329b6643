// Rewrites one line so that it does something else: by its tokens, never inside comments or strings.
import type { Language } from "../../gates/change/language.ts";
import type { Mutant } from "../../gates/probe.ts";

export interface Flip {
  readonly kind: Exclude<Mutant["kind"], "change" | "file" | "hunk" | "poison">;
  readonly text: string;
  readonly what: string;
}

interface Line {
  readonly raw: string;
  /** The same with comments and the insides of strings blanked out. */
  readonly code: string;
  readonly language: Language;
}

interface Swap {
  readonly kind: Flip["kind"];
  readonly pattern: RegExp;
  replace(token: string): string;
}

const opposites: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">": "<=",
  "<=": ">",
  ">=": "<",
  "&&": "||",
  "||": "&&",
  and: "or",
  or: "and",
  true: "false",
  false: "true",
  True: "False",
  False: "True",
  "+": "-",
  "-": "+",
  "*": "+",
  "/": "*",
  "%": "*",
  "++": "--",
  "--": "++",
  "+=": "-=",
  "-=": "+=",
};

const opposite = (token: string) => opposites[token] ?? token;
const increased = (token: string) => (token === "0" ? "1" : token === "1" ? "0" : String(Number(token) + 1));

const swaps: readonly Swap[] = [
  // With blanks on both sides: without, `<` may open a type argument.
  { kind: "comparison", pattern: /(?<=\s)(?:[=!]==?|[<>]=?)(?=\s)/g, replace: opposite },
  { kind: "boolean", pattern: /&&|\|\||\b(?:and|or)\b(?=\s)/g, replace: opposite },
  { kind: "boolean", pattern: /\b(?:true|false|True|False)\b/g, replace: opposite },
  {
    kind: "arithmetic",
    pattern: /\+\+|--|(?<=\s)[+-]=(?=\s)|(?<=[\w)\]"'`]\s)[+\-*/%](?=\s)/g,
    replace: opposite,
  },
  { kind: "constant", pattern: /(?<![\w.$])\d{1,9}(?![\w.])/g, replace: increased },
];

/** Words in which nobody checks the exact text: messages for people. */
const isMessage =
  /\b(?:console|log|logger|logging|debug|warn|warning|print|println|printf|eprintln|deprecate|assert|trace|info)\b|\bthrow\b|\braise\b|\bpanic!?\b|Error\(|Exception\(/;

function swapped(line: Line): Flip[] {
  const { raw, code, language } = line;
  const found: Flip[] = [];
  for (const { kind, pattern, replace } of swaps) {
    for (const match of code.matchAll(pattern)) {
      const token = match[0];
      if (/^(?:and|or)$/.test(token) && language !== "python" && language !== "shell") continue;
      if (kind === "comparison" && /=>|->/.test(raw.slice(match.index - 1, match.index + 2))) continue;
      const other = replace(token);
      const text = raw.slice(0, match.index) + other + raw.slice(match.index + token.length);
      found.push({ kind, text, what: `\`${token}\` became \`${other}\`` });
    }
  }
  return found;
}

/** `if (…) {` on one line, its condition negated. */
function negated({ raw, code, language }: Line): Flip[] {
  if (language === "python") {
    const match = /^(\s*(?:el)?if |\s*while )(.+)(:\s*)$/.exec(code.trimEnd());
    if (!match?.[1] || !match[2]) return [];
    const end = match[1].length + match[2].length;
    const text = `${match[1]}not (${raw.slice(match[1].length, end)})${raw.slice(end)}`;
    return [{ kind: "boolean", text, what: "the condition was negated" }];
  }
  const start = /^.*?\bif\s*\(/.exec(code)?.[0].length;
  if (start === undefined || language === "shell") return [];
  let depth = 1;
  let end = start;
  while (end < code.length && depth > 0) {
    if (code[end] === "(") depth++;
    if (code[end] === ")") depth--;
    end++;
  }
  if (depth > 0) return [];
  const text = `${raw.slice(0, start)}!(${raw.slice(start, end - 1)})${raw.slice(end - 1)}`;
  return [{ kind: "boolean", text, what: "the condition was negated" }];
}

const nothing: Readonly<Record<Language, string | undefined>> = {
  javascript: "undefined",
  python: "None",
  "c-like": undefined,
  shell: undefined,
};

/** A `return` that ends on its line gives nothing back. */
function returned({ raw, code, language }: Line): Flip[] {
  const value = nothing[language];
  const match = /^(.*\breturn )(\S.*?)(;?\s*\}?\s*)$/.exec(code.trimEnd());
  if (value === undefined || !match?.[1] || !match[2] || !isBalanced(match[2])) return [];
  if (new RegExp(`^(?:${value}|null)$`).test(match[2])) return [];
  const end = match[1].length + match[2].length;
  const text = `${raw.slice(0, match[1].length)}${value}${raw.slice(end)}`;
  return [{ kind: "return", text, what: `it returned \`${value}\`` }];
}

function isBalanced(code: string): boolean {
  const count = (pattern: RegExp) => code.match(pattern)?.length ?? 0;
  return count(/\(/g) === count(/\)/g) && count(/\[/g) === count(/\]/g) && count(/\{/g) === count(/\}/g);
}

const empty: Readonly<Record<Language, string>> = {
  javascript: ";",
  "c-like": ";",
  python: "pass",
  shell: ":",
};

/** A whole statement on one line is left out: a call, an assignment to something that is there already. */
function removed({ code, language }: Line): Flip[] {
  const body = code.trim();
  const ends = language === "python" || language === "shell" ? /[\w)\]"']$/ : /;$/;
  if (!ends.test(body) || !isBalanced(body) || /^[.?:)\]}|&+-]/.test(body)) return [];
  const indent = /^\s*/.exec(code)?.[0] ?? "";
  const text = `${indent}${empty[language]}`;
  if (/^(?:await\s+|void\s+)?[\w$.#!?]+(?:\[[^\]]*\])?(?:\.\w+)*\(.*\)[\w.()\s]*;?$/.test(body))
    return [{ kind: "call", text, what: "the call was removed" }];
  const isAssignment = /^[\w$.#]+(?:\[[^\]]*\])?(?:\.\w+)*\s*(?:[+\-*/%|&?]{0,3}=)(?![=>])/.test(body);
  if (isAssignment || /^(?:break|continue|delete\b.*|del\b.*|yield\b.*);?$/.test(body))
    return [{ kind: "statement", text, what: "the statement was removed" }];
  return [];
}

/** A text that code works with loses its first character, or gains one. */
function otherText({ raw, code }: Line): Flip[] {
  if (isMessage.test(code)) return [];
  return [...code.matchAll(/(["'])( *)\1/g)].map((match) => {
    const [quote = '"', length] = [match[1], match[2]?.length ?? 0];
    const at = match.index + 1;
    const text =
      length === 0 ? `${raw.slice(0, at)}~${raw.slice(at)}` : raw.slice(0, at) + raw.slice(at + length);
    return {
      kind: "constant" as const,
      text,
      what: `${quote}…${quote} became ${length === 0 ? "a text" : "empty"}`,
    };
  });
}

/**
 * The most telling first, each unlike the line. Lines that only tell people something give none: nothing that a check
 * looks at depends on them.
 */
export function flipsOf(raw: string, code: string, language: Language): readonly Flip[] {
  if (isMessage.test(code) && !/\b(?:if|return|while)\b/.test(code)) return [];
  const line: Line = { raw, code, language };
  const all = [...negated(line), ...returned(line), ...removed(line), ...swapped(line), ...otherText(line)];
  const seen = new Set([raw]);
  return all.filter(({ text }) => !seen.has(text) && seen.add(text));
}
