// A tolerant scanner: blanks out comments and the insides of strings, and keeps every character's place. It never fails;
// where a quote is not closed on its line the quote is taken for an ordinary character.
import type { Language } from "./language.ts";

export interface MaskedCode {
  /** As long as the text: comments and the insides of strings are blanks, quotes and line feeds stay. */
  readonly code: string;
  /** As long as the text: only the comments, without what opens and closes them. */
  readonly comments: string;
}

interface Scanner {
  readonly text: string;
  readonly language: Language;
  readonly code: string[];
  readonly comments: string[];
  at: number;
  /** Open braces of each `${` we are in, innermost last. */
  readonly templates: number[];
}

const blank = (part: string) => part.replace(/[^\n]/g, " ");

function put(scanner: Scanner, length: number, as: "code" | "string" | "comment"): void {
  const part = scanner.text.slice(scanner.at, scanner.at + length);
  scanner.code.push(as === "code" ? part : blank(part));
  scanner.comments.push(as === "comment" ? part : blank(part));
  scanner.at += length;
}

function lineComment({ text, at, language }: Scanner): number {
  if (language === "python" || language === "shell") {
    const opens = text[at] === "#" && (language === "python" || at === 0 || /\s/.test(text[at - 1] ?? ""));
    return opens ? 1 : 0;
  }
  return text.startsWith("//", at) || (at === 0 && text.startsWith("#!")) ? 2 : 0;
}

function scanComment(scanner: Scanner): boolean {
  const { text, at, language } = scanner;
  const isBlock = (language === "javascript" || language === "c-like") && text.startsWith("/*", at);
  const opening = isBlock ? 2 : lineComment(scanner);
  if (opening === 0) return false;
  const close = text.indexOf(isBlock ? "*/" : "\n", at + opening);
  const end = close < 0 ? text.length : close;
  put(scanner, opening, "string");
  put(scanner, end - at - opening, "comment");
  if (isBlock && close >= 0) put(scanner, 2, "string");
  return true;
}

/** Where the closing quote is; -1 where there is none before `limit`. */
function closingQuote(text: string, from: number, quote: string, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(quote, at)) return at;
  }
  return -1;
}

function quoteAt({ text, at, language }: Scanner): { quote: string; isLong: boolean } | undefined {
  const char = text[at] ?? "";
  const triple = text.slice(at, at + 3);
  if (language === "python" && (triple === '"""' || triple === "'''")) return { quote: triple, isLong: true };
  // A letter in quotes; otherwise Rust's lifetime, an apostrophe in a macro.
  if (char === "'" && language === "c-like" && !/^'(?:\\[^']{1,9}|[^'\\\n])'/.test(text.slice(at, at + 12)))
    return undefined;
  if (char === '"' || char === "'") return { quote: char, isLong: language === "shell" };
  return char === "`" && language === "c-like" ? { quote: char, isLong: true } : undefined;
}

function scanString(scanner: Scanner): boolean {
  const { text, at } = scanner;
  const opening = quoteAt(scanner);
  if (!opening) return false;
  const { quote, isLong } = opening;
  const lineEnd = text.indexOf("\n", at);
  const close = closingQuote(text, at + quote.length, quote, isLong || lineEnd < 0 ? text.length : lineEnd);
  // A lifetime (`'a`), an apostrophe: an ordinary character.
  if (close < 0) return false;
  put(scanner, quote.length, "code");
  put(scanner, close - at - quote.length, "string");
  put(scanner, quote.length, "code");
  return true;
}

const beforePattern =
  /(?:^|[(,=:[!&|?{};+\-*%~^<>\n]|\b(?:return|typeof|case|in|of|do|else|void|await|yield))\s*$/;

function scanPattern(scanner: Scanner): boolean {
  const { text, at, language } = scanner;
  if (language !== "javascript" || text[at] !== "/") return false;
  if (!beforePattern.test(scanner.code.slice(-40).join("").slice(-60))) return false;
  const match = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//.exec(text.slice(at, at + 2000));
  if (!match) return false;
  put(scanner, 1, "code");
  put(scanner, match[0].length - 2, "string");
  put(scanner, 1, "code");
  return true;
}

/** From behind the opening backtick, or behind the `}` of an expression, to the next `${` or the end. */
function scanTemplate(scanner: Scanner): void {
  const { text } = scanner;
  let at = scanner.at;
  while (at < text.length && text[at] !== "`" && !text.startsWith("${", at)) at += text[at] === "\\" ? 2 : 1;
  const length = Math.min(at, text.length) - scanner.at;
  put(scanner, length, "string");
  if (text[scanner.at] === "`") put(scanner, 1, "code");
  else if (scanner.at < text.length) {
    scanner.templates.push(0);
    put(scanner, 2, "code");
  }
}

function scanBrace(scanner: Scanner): void {
  const { text, at, templates } = scanner;
  const open = templates.at(-1);
  const char = text[at];
  put(scanner, 1, "code");
  if (open === undefined) return;
  if (char === "{") templates[templates.length - 1] = open + 1;
  if (char !== "}") return;
  if (open > 0) templates[templates.length - 1] = open - 1;
  else {
    templates.pop();
    scanTemplate(scanner);
  }
}

export function maskCode(text: string, language: Language): MaskedCode {
  const scanner: Scanner = { text, language, code: [], comments: [], at: 0, templates: [] };
  while (scanner.at < text.length) {
    if (scanComment(scanner) || scanString(scanner) || scanPattern(scanner)) continue;
    if (language === "javascript" && text[scanner.at] === "`") {
      put(scanner, 1, "code");
      scanTemplate(scanner);
    } else scanBrace(scanner);
  }
  return { code: scanner.code.join(""), comments: scanner.comments.join("") };
}
