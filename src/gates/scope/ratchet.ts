// What may only get stricter: marks that silence a tool, coverage thresholds, lint rules, compiler options, excludes.
import type { ChangedFile } from "../change/changed-files.ts";
import { languageOf } from "../change/language.ts";
import { maskCode } from "../change/mask-code.ts";

const silencers: readonly (readonly [string, RegExp])[] = [
  ["eslint-disable", /\beslint-disable\b|\beslint-disable-(?:next-)?line\b/g],
  ["biome-ignore", /\bbiome-ignore\b/g],
  ["@ts-ignore", /@ts-ignore\b/g],
  ["@ts-expect-error", /@ts-expect-error\b/g],
  ["@ts-nocheck", /@ts-nocheck\b/g],
  ["noqa", /\bnoqa\b/g],
  ["type: ignore", /\btype:\s*ignore\b/g],
  ["pylint: disable", /\bpylint:\s*disable/g],
  ["nolint", /\bnolint\b/g],
  ["no coverage", /\b(?:istanbul|c8|v8) ignore\b|\bnode:coverage (?:ignore|disable)\b|\bpragma: no cover\b/g],
];

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

function commentsAndCode(path: string, text: string | undefined): { comments: string; code: string } {
  const language = languageOf(path);
  return language === undefined || text === undefined ? { comments: "", code: "" } : maskCode(text, language);
}

/** Counted over the whole change: moving a mark is no new one. Tests have their own gate. */
function newSilencers(files: readonly ChangedFile[]): string[] {
  const own = files
    .filter(({ kind }) => kind === "code")
    .map(({ path, before, after }) => ({
      path,
      before: commentsAndCode(path, before),
      after: commentsAndCode(path, after),
      isTyped: /\.[cm]?tsx?$/.test(path),
    }));
  const marks = silencers.flatMap(([name, pattern]) => {
    const more = own.filter(
      ({ before, after }) => count(after.comments, pattern) > count(before.comments, pattern),
    );
    const sum = own.reduce(
      (total, { before, after }) => total + count(after.comments, pattern) - count(before.comments, pattern),
      0,
    );
    return sum > 0 ? [`\`${name}\` added in ${more.map(({ path }) => path).join(", ")}`] : [];
  });
  const anyType = /\bas\s+any\b|:\s*any\b|<any>/g;
  // A file that is full of it already gets no stricter by refusing one more.
  const loose = own.filter(
    ({ isTyped, before, after }) =>
      isTyped && count(before.code, anyType) === 0 && count(after.code, anyType) > 0,
  );
  const allowed = own.filter(
    ({ before, after }) => count(after.code, /#!?\[allow\(/g) > count(before.code, /#!?\[allow\(/g),
  );
  return [
    ...marks,
    ...loose.map(({ path }) => `the type \`any\` added in ${path}`),
    ...allowed.map(({ path }) => `\`#[allow]\` added in ${path}`),
  ];
}

const numbers =
  /["']?\b(branches|lines|functions|statements|fail[_-]under|threshold\w*|minimum\w*)\b["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)/g;
const strictKeys =
  /["']?\b(strict\w*|no[A-Z]\w+|exact[A-Z]\w+|checkJs|alwaysStrict|disallow_\w+|warn_\w+)\b["']?\s*[:=]\s*(true|false|True|False)/g;

function valuesOf(text: string, pattern: RegExp): Map<string, string> {
  return new Map([...text.matchAll(pattern)].map(([, key = "", value = ""]) => [key, value]));
}

const excludeKey =
  /["']?\b(exclude\w*|ignore\w*|\w*IgnorePatterns|omit|skip\w*|per-file-ignores|extend-exclude)\b["']?\s*[:=]\s*[[{("'\w]/i;
const ignoreFile = /(?:^|\/)\.?(?:eslint|prettier|stylelint|markdownlint|cspell|pylint)ignore$/;

/** Whether a line stands in a list under a key that leaves things out. */
function isInExclude(lines: readonly string[], at: number): boolean {
  for (let line = at; line >= 0; line--) {
    const text = lines[line] ?? "";
    if (excludeKey.test(text)) return true;
    if (line < at && /[\]}]|^\S*[\w"']+\s*[:=]/.test(text.trim())) return false;
  }
  return false;
}

function newExcludes({ path, before, after, hunks }: ChangedFile): string[] {
  // A new configuration has to leave something out: build output, dependencies.
  if (before === undefined) return [];
  const lines = (after ?? "").split("\n");
  const plain = (line: string) => line.trim().replace(/,$/, "");
  const added = hunks.flatMap(({ headStart, headLines, baseLines }) => {
    const old = new Set(baseLines.map(plain));
    return headLines
      .map((text, index) => ({ text, at: headStart - 1 + index }))
      .filter(({ text }) => !old.has(plain(text)));
  });
  const entries = added.filter(({ text, at }) =>
    ignoreFile.test(path)
      ? text.trim() !== "" && !/^[#!]/.test(text.trim())
      : /["'\w]/.test(text) && isInExclude(lines, at),
  );
  return entries.length > 0 ? [`${path}: more is left out (${entries[0]?.text.trim().slice(0, 60)})`] : [];
}

const lintConfiguration = /eslint|biome|stylelint|ruff|flake8|pylint|golangci|clippy/;
const key = /["']?([@\w/-]+)["']?/.source;
/** `complexity: ["error", 6]`, `"max-lines": ["error", { "max": 80 }]`, `max-complexity = 10`. */
const upperLimits = new RegExp(
  `${key}\\s*[:=]\\s*(?:\\[\\s*["']?\\w+["']?\\s*,\\s*)?(?:\\{\\s*["']?max["']?\\s*:\\s*)?(\\d+)(?![\\w.])`,
  "g",
);
const isUpperLimit = (name: string) => /complexity|(?:^|\/)max/i.test(name);
const rulesOn = new RegExp(`${key}\\s*:\\s*(?:\\[\\s*)?(?:["']error["']|2(?=\\s*[,\\]}\\n]))`, "g");

/** Limits that are higher, and rules that are on before and are not named after. */
function weakerSettings({ path, before = "", after = "" }: ChangedFile): string[] {
  const now = valuesOf(after, upperLimits);
  const raised = [...valuesOf(before, upperLimits)].filter(
    ([name, value]) => isUpperLimit(name) && Number(now.get(name) ?? 0) > Number(value),
  );
  const gone = [...before.matchAll(rulesOn)].filter(([, name = ""]) => !after.includes(name));
  return [
    ...raised.map(([name]) => `${path}: the limit \`${name}\` is higher`),
    ...gone.map(([, name]) => `${path}: the rule \`${name}\` is gone`),
  ];
}

function weakerRules(file: ChangedFile): string[] {
  const { path, hunks } = file;
  if (!lintConfiguration.test(path)) return [];
  const off = /["']?([@\w/-]+)["']?\s*:\s*(?:\[\s*)?(?:["'](?:off|warn)["']|0\b)/;
  const weaker = hunks.flatMap(({ headLines, baseLines }) =>
    headLines.filter(
      (line) => off.test(line) && !baseLines.includes(line) && !/^\s*(?:\/\/|#|\*)/.test(line),
    ),
  );
  return [
    ...weaker.map((line) => `${path}: a rule is weaker (${line.trim().slice(0, 60)})`),
    ...weakerSettings(file),
  ];
}

function configurationFaults(file: ChangedFile): string[] {
  const { path, before, after } = file;
  if (before === undefined) return [];
  const now = valuesOf(after ?? "", numbers);
  const lowered = [...valuesOf(before, numbers)].filter(
    ([key, value]) => Number(now.get(key) ?? 0) < Number(value),
  );
  const strictNow = valuesOf(after ?? "", strictKeys);
  const loosened = [...valuesOf(before, strictKeys)].filter(
    ([key, value]) => /true/i.test(value) && !/true/i.test(strictNow.get(key) ?? ""),
  );
  const warnings = (text: string) =>
    Number(/--max-warnings[= ]+(\d+)/.exec(text)?.[1] ?? Number.POSITIVE_INFINITY);
  return [
    ...lowered.map(([key]) => `${path}: \`${key}\` is lower`),
    ...loosened.map(([key]) => `${path}: \`${key}\` is no longer on`),
    ...(warnings(after ?? "") > warnings(before) ? [`${path}: more warnings are allowed`] : []),
    ...(path.endsWith("package.json") ? [] : newExcludes(file)),
    ...weakerRules(file),
  ];
}

export function ratchetFaults(files: readonly ChangedFile[]): string[] {
  const configurations = files.filter(
    ({ kind, path }) => kind === "configuration" || kind === "manifest" || ignoreFile.test(path),
  );
  return [...newSilencers(files), ...configurations.flatMap(configurationFaults)];
}
