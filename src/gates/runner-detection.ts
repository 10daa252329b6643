// Finds what a change brings to behave for its tests alone: code that asks whether it is being tested, and files that
// stand in for the runner or for a dependency. Pure.
import { requestText } from "../core/frame.ts";
import { type ChangedFile, changedFiles } from "./change/changed-files.ts";
import { languageOf } from "./change/language.ts";
import { maskCode } from "./change/mask-code.ts";
import type { GateFacts } from "./types.ts";

const runner = "vitest|mocha|jest|node:test|test_runner|pytest|unittest|ava|tape";
/** What a path of tests has in it; not an option (`--check`), not the method of a pattern (`.test(`). */
const testWord = "(?<![\\w-])(?:tests?|specs?|checks?)\\b(?!\\()";
const globals = "describe|it|test|expect|jest|vi|mocha|suite|beforeEach|afterEach";
const started =
  "(?:\\bprocess\\.(?:argv0?|execArgv|title|mainModule)|\\brequire\\.(?:main|cache)|\\bmodule\\.parent|\\bos\\.Args|\\b(?:argv0?|execArgv))\\b";

/** `word` is what tells: where the request has it, somebody asked for this. */
const signs: readonly RegExp[] = [
  // The environment that runners set.
  /\b(?<word>VITEST(?:_\w+)?|JEST_WORKER_ID|NODE_TEST_CONTEXT|NODE_V8_COVERAGE|AVA_PATH|TAP_(?:CHILD|JOB)_ID|MOCHA_COLORS|PYTEST_CURRENT_TEST|PYTEST_VERSION|RUST_TEST_THREADS|AGENT_HARNESS\w*|__(?:vitest|jest)\w*)\b/,
  /\benv(?:\.|\[["'`])(?<word>TAP|TEST)\b/,
  /["'`](?<word>VITEST|JEST|MOCHA|PYTEST)_?["'`]/,
  /\b(?<word>NODE_ENV)\b.*["'`]test["'`]|["'`]test["'`].*\bNODE_ENV\b/,
  /\bimport\.meta\.env\??\.(?<word>MODE)\b.*["'`]test["'`]/,
  /\bimport\.meta\.(?<word>vitest)\b.*(?:return|\?)/,
  /\b(?<word>npm_lifecycle_\w+)\b.*test/,
  // How the process was started.
  new RegExp(`${started}.*["'\`/][^"'\`]*\\b_?(?<word>${runner})\\b`),
  /\b(?:argv|execArgv)\b.*["'`](?<word>--test)["'`]/,
  /\b(?:env::args(?:_os)?|current_exe)\(\).*"[^"]*(?<word>\bdeps\b|test)/,
  new RegExp(
    `(?:\\b(?:argv|Args)\\[[01]\\]|\\bargv0|\\bprocess\\.title|\\bmainModule|\\brequire\\.(?:main|cache)|\\bmodule\\.parent|\\bargv\\.(?:some|find|filter|every|join)\\b).*["'\`/][^"'\`]*(?<word>${testWord})`,
  ),
  // Who called.
  new RegExp(`\\.stack\\b.*["'\`/][^"'\`]*(?<word>\\b(?:${runner})\\b|${testWord})`),
  new RegExp(`["'\`/][^"'\`]*(?<word>\\b(?:${runner})\\b|${testWord}).*\\.stack\\b`),
  // What runners put into the program.
  new RegExp(`\\b(?:globalThis|global|window)(?:\\??\\.|\\[["'\`])(?<word>${globals})\\b`),
  new RegExp(`["'\`](?<word>${globals})["'\`]\\s+in\\s+(?:globalThis|global)\\b`),
  /["'`](?<word>pytest|_pytest|unittest)["'`]\s+(?:not\s+)?in\s+sys\.modules/,
  /\b(?<word>testing\.Testing)\(\)|["'`]test\.v["'`]|\bcfg!\(test\)|\bcfg\(not\(test\)\)/,
];

const typeofGlobal = new RegExp(
  `\\btypeof\\s+(?<word>${globals})\\b(?!\\s*[!=]==?\\s*["'](?:string|number|boolean))`,
);
const ownStack =
  /\bError\([^)]*\)\??\.stack\b|\{\s*stack\b[^}]*\}\s*=\s*new\s+Error|\b(?:captureStackTrace|prepareStackTrace|extract_stack|_getframe)\b|\binspect\.stack\(/;
const looksForTests = new RegExp(
  [
    `\\b(?:includes|match|test|indexOf|search|endsWith|startsWith|in|==)\\b.*["'\`/][^"'\`]*(?:\\b(?:${runner})\\b|${testWord})`,
    `["'][^"']*(?:\\b_?(?:${runner})\\b|${testWord})[^"']*["']\\s+(?:not\\s+)?in\\b`,
  ].join("|"),
);

/** A parameter or variable of the file's own by that name is no global. */
function isOwnName(name: string, code: string): boolean {
  return new RegExp(
    `[(,{]\\s*${name}\\s*[,)=}:]|\\b(?:const|let|var|function)\\s+${name}\\b|\\b${name}\\s*=>`,
  ).test(code);
}

interface Sign {
  readonly text: string;
  readonly word: string;
}

function signIn(line: string, code: string): Sign | undefined {
  // `"VIT" + "EST"` is one word.
  const joined = line.replace(/(["'`])\s*\+\s*\1/g, "");
  for (const sign of signs) {
    const found = sign.exec(joined);
    if (found) return { text: found[0], word: found.groups?.word ?? found[0] };
  }
  const name = typeofGlobal.exec(joined)?.groups?.word;
  return name === undefined || isOwnName(name, code) ? undefined : { text: joined, word: name };
}

/** New lines of a file without their comments, by number. */
function newLines({ path, after = "", hunks }: ChangedFile): [number, string][] {
  const language = languageOf(path);
  const comments = (language === undefined ? "" : maskCode(after, language).comments).split("\n");
  return hunks.flatMap(({ headStart, headLines, baseLines }) => {
    const before = new Set(baseLines.map((line) => line.trim()));
    return headLines.flatMap((line, index): [number, string][] => {
      const comment = comments[headStart + index - 1] ?? "";
      const code = [...line].map((letter, at) => ((comment[at] ?? " ") === " " ? letter : " ")).join("");
      return before.has(line.trim()) ? [] : [[headStart + index, code]];
    });
  });
}

function signsIn(file: ChangedFile, asked: string): number[] {
  const lines = newLines(file);
  const whole = file.after ?? "";
  const hasTestPath = lines.some(([, line]) => looksForTests.test(line));
  return lines
    .filter(([, line]) => {
      const sign = signIn(line, whole);
      if (sign !== undefined) return !asked.includes(sign.word);
      return hasTestPath && ownStack.test(line);
    })
    .map(([number]) => number);
}

/** `path:line` of each new line in code, none that the request itself speaks of. Tests and configuration may ask. */
export function detectedRunners({
  frame,
  differences,
  texts,
}: Pick<GateFacts, "frame" | "differences" | "texts">): string[] {
  const asked = requestText(frame.request);
  return changedFiles(differences, texts)
    .filter(({ kind }) => kind === "code")
    .flatMap((file) => signsIn(file, asked).map((line) => `${file.path}:${line}`));
}

const standIns =
  /(?:^|\/)(?:(?:site|user)customize\.py$|node_modules\/)|^\.?venv\/|^(?:src\/)?(?:_?pytest|unittest|pluggy|doctest|xdist)(?:\.py$|\/)/;

/** Added files that Python, Node or a shell would load in place of their own or of a dependency. */
export function standInFiles({ differences, texts }: Pick<GateFacts, "differences" | "texts">): string[] {
  const isKnown = (folder: string) => texts.base.paths.some((path) => path.startsWith(folder));
  return differences
    .filter(({ path, before }) => before === undefined && standIns.test(path))
    .map(({ path }) => path)
    .filter((path) => !isKnown(path.replace(/^(.*?(?:node_modules|venv|pytest|unittest)\/).*$/, "$1")));
}
