// Finds what a forgotten `await` looks like: a changed line that calls something asynchronous, does not wait for it, and
// can be left out without anybody noticing. Pure.
import type { TreeTexts } from "../change/changed-files.ts";
import { languageOf } from "../change/language.ts";
import { maskCode } from "../change/mask-code.ts";
import type { Probe } from "../probe.ts";

const declaredAsync: readonly RegExp[] = [
  /\basync\s+function\s+([\w$]+)/g,
  /\basync\s+def\s+(\w+)/g,
  /\b([\w$]+)\s*[:=]\s*async\b(?!\s*function\s*\*)/g,
  /\basync\s+([\w$]+)\s*\(/g,
  /\b([\w$]+)\s*\([^()]*\)\s*:\s*Promise</g,
  /\bfunction\s+([\w$]+)\s*\([^()]*\)[^{]*\{\s*return\s+(?:new\s+)?Promise\b/g,
  /\b([\w$]+)\s*=\s*(?:\([^()]*\)|[\w$]+)\s*=>\s*(?:new\s+)?Promise\b/g,
];
const imported =
  /\bimport\s*\{([^}]*)\}\s*from\s*["']\s*["']|\b(?:const|let|var)\s*\{([^}]*)\}\s*=\s*require\s*\(\s*["']\s*["']\s*\)/g;
const fromPromises = /["'](?:node:)?\w+\/promises["']/;
const declaredPlain: readonly RegExp[] = [
  /(?<!\basync\s+)\bfunction\s+([\w$]+)/g,
  /(?<!\basync\s+)\bdef\s+(\w+)/g,
  /^[ \t]*(?:(?:public|private|protected|static|override)\s+)*(?!(?:if|for|while|switch|catch|with|async)\b)([\w$]+)\s*\([^()]*\)\s*\{/gm,
];

function allOf(patterns: readonly RegExp[], code: string): string[] {
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, name = ""]) => name));
}

/** Names taken from a module such as `node:fs/promises`; quotes are empty in `code`, so the text is asked for them. */
function importedNames(code: string, text: string): string[] {
  return [...code.matchAll(imported)].flatMap((match) => {
    if (!fromPromises.test(text.slice(match.index, match.index + match[0].length))) return [];
    return (match[1] ?? match[2] ?? "").split(",").map(
      (name) =>
        name
          .split(/\bas\b|:/)
          .at(-1)
          ?.trim() ?? "",
    );
  });
}

/** Names that stand for asynchronous functions wherever they are declared. */
function asyncNames({ paths, text }: TreeTexts): ReadonlySet<string> {
  const [found, plain] = [new Set<string>(), new Set<string>()];
  for (const path of paths) {
    const language = languageOf(path);
    if (language !== "javascript" && language !== "python") continue;
    const whole = text(path) ?? "";
    const { code } = maskCode(whole, language);
    const own = [...allOf(declaredAsync, code), ...importedNames(code, whole)];
    for (const name of own) found.add(name);
    for (const name of allOf(declaredPlain, code)) if (!own.includes(name)) plain.add(name);
  }
  return new Set([...found].filter((name) => !plain.has(name)));
}

/** Neither waited for, nor given on, nor told apart by `void`. */
const bareCall = /^(?!(?:await|void|return|yield)\b)(?:[\w$.#?!]+\.)?([\w$]+)\s*\(.*\)\s*;?$/;
const handled = /\.(?:then|catch|finally)\s*\(/;

export interface UnawaitedCall {
  readonly path: string;
  readonly line: number;
}

export function unawaitedCalls({ mutants }: Probe, head: TreeTexts): readonly UnawaitedCall[] {
  const left = mutants.filter(({ kind, result }) => kind === "call" && result === "survived");
  if (left.length === 0) return [];
  const names = asyncNames(head);
  return left.flatMap(({ path, lines: [line = 0] }) => {
    const text = head.text(path)?.split("\n")[line - 1]?.trim() ?? "";
    const name = bareCall.exec(text)?.[1];
    return name === undefined || !names.has(name) || handled.test(text) ? [] : [{ path, line }];
  });
}
