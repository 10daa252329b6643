// Which lines of a file do something when they run. Comments, types, imports, brackets and headings do nothing by
// themselves: dropping or flipping them shows nothing about behaviour.
import { type Language, languageOf } from "./language.ts";
import { maskCode } from "./mask-code.ts";

const importLines: Readonly<Record<Language, RegExp>> = {
  javascript:
    /^(?:import\b(?!\s*[(.])|export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s*)?(?:from\b|;?$)|(?:const|let|var)\s+[\w${},:\s]+=\s*require\s*\([^)]*\)(?:\.\w+)?\s*;?$|["']\s*["'];?$|export\s*\{)/,
  "c-like": /^(?:import\b|package\b|(?:pub\s+)?(?:use|mod|extern)\b|#|using\s+[\w.]+;|namespace\b|@\w+)/,
  python: /^(?:import\b|from\s+\S+\s+import\b|@\w|pass$|global\b|nonlocal\b|"+\s*"*$|'+\s*'*$)/,
  shell: /^(?:require(?:_relative)?\b|set\s+-)/,
};

/** Headings and joints: what they hold, or lead to, is looked at line by line. */
const structure: Readonly<Record<Language, RegExp>> = {
  javascript:
    /^(?:(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\b[^{]*|class\b[^{]*)\{?|\}?\s*(?:else|try|finally|do)\s*\{?|\}\s*catch\b[^{]*\{?|(?:static\s+|async\s+|get\s+|set\s+|public\s+|private\s+|protected\s+|readonly\s+|override\s+)*(?!(?:if|for|while|switch|with|catch)\b)[\w$#]+\s*\([^()]*\)\s*(?::[^{=]+)?\{|default\s*:)$/,
  "c-like":
    /^(?:\}?\s*(?:else|try|finally|do)\s*\{?|\}\s*catch\b.*\{?|(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?(?:unsafe\s+)?(?:fn|func|struct|enum|trait|impl|interface|class|type|mod)\b.*|(?!(?:if|for|while|switch|match|catch|return|else|\})\b)[\w<>[\],*&:\s]+\([^;=]*\)\s*(?:throws\s+[\w,\s]+)?\{|default\s*:)$/,
  python: /^(?:(?:async\s+)?def\b.*|class\b.*:|else\s*:|try\s*:|finally\s*:|except\b.*:|pass)$/,
  shell:
    /^(?:then|else|fi|do|done|esac|in|end|begin|\w+\s*\(\)\s*\{|function\b.*|def\b.*|class\b.*|module\b.*)$/,
};

const openers = /[([{]/g;
const closers = /[)\]}]/g;

/** How many brackets a line leaves open. */
function opened(line: string): number {
  return (line.match(openers)?.length ?? 0) - (line.match(closers)?.length ?? 0);
}

/** Line indices of a statement that begins at `from` and ends where its brackets are closed. */
function statementEnd(lines: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < lines.length; at++) {
    depth += opened(lines[at] ?? "");
    const next = lines[at + 1]?.trim() ?? "";
    const goesOn = /[=|&,]\s*$/.test(lines[at] ?? "") || /^[|&?:]/.test(next);
    if (depth <= 0 && !goesOn) return at;
  }
  return lines.length - 1;
}

const typeStart =
  /^\s*(?:export\s+)?(?:declare\s+)?(?:interface\s+[\w$]|type\s+[\w$]+(?:<[^=]*>)?\s*=|namespace\s|declare\s|(?:default\s+)?(?:async\s+)?function\s+[\w$]+[^{]*\)\s*:[^{]*;\s*$)/;
const importStart = /^\s*(?:import\b(?!\s*[(.])|export\s+(?:type\s+)?\{)/;
const pythonImportStart = /^\s*from\s+\S+\s+import\s*\($/;
/** A list of names for those who import them all. */
const pythonExportStart = /^__all__\s*\+?=/;
/** Tests beside the code that they test. */
const rustTestStart = /^\s*#\[cfg\((?:all\()?test\b/;
const vitestStart = /^\s*if\s*\(\s*import\.meta\.vitest\s*\)\s*\{/;

function skippedStatements(lines: readonly string[], language: Language): ReadonlySet<number> {
  const skipped = new Set<number>();
  const isStart = (line: string) =>
    (language === "javascript" &&
      (typeStart.test(line) || importStart.test(line) || vitestStart.test(line))) ||
    (language === "python" && (pythonImportStart.test(line) || pythonExportStart.test(line))) ||
    (language === "c-like" && (/^import\s*\(/.test(line) || rustTestStart.test(line)));
  for (let at = 0; at < lines.length; at++) {
    if (!isStart(lines[at] ?? "")) continue;
    const isMarked = rustTestStart.test(lines[at] ?? "");
    const end = statementEnd(lines, isMarked ? at + 1 : at);
    for (let line = at; line <= end; line++) skipped.add(line);
    at = end;
  }
  return skipped;
}

const fieldType =
  /^(?:(?:public|private|protected|readonly|static|declare|override)\s+)*[\w$#]+[?!]?\s*:\s*[\w$<>[\]|&.,\s"'()=>]+;$/;

/** Line numbers from 1. Empty for a file that is no code. */
export function executableLines(path: string, text: string): ReadonlySet<number> {
  const language = languageOf(path);
  if (!language || /\.d\.[cm]?ts$/.test(path)) return new Set();
  const lines = maskCode(text, language).code.split("\n");
  const skipped = skippedStatements(lines, language);
  const found = new Set<number>();
  for (const [index, line] of lines.entries()) {
    const code = line.trim();
    if (skipped.has(index) || !/[\w"'`/]/.test(code)) continue;
    if (importLines[language].test(code) || structure[language].test(code)) continue;
    if (language === "javascript" && fieldType.test(code) && /\.[cm]?tsx?$/.test(path)) continue;
    found.add(index + 1);
  }
  return found;
}
