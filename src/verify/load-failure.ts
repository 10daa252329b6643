// Tells "the check failed" from "the check could not be loaded", and whether what is missing was asked for. Pure.
import type { CheckFault } from "../core/check-run.ts";

export interface LoadFailure {
  readonly fault: Extract<CheckFault, "unknown command" | "could not be loaded">;
  /** One phrase for people. */
  readonly what: string;
  /** Modules, files, commands or exports that are not there; empty when nothing nameable is missing. */
  readonly missing: readonly string[];
}

interface Sign {
  readonly what: string;
  /** Global; its groups are the names of what is missing. */
  readonly pattern: RegExp;
}

const commandIsMissing = "a command is missing";

// A SyntaxError that the loader raised: one that the code under test throws (JSON.parse) has another frame on top.
const loaderFrame = String.raw`\n\s+at .*(?:node:internal\/(?:modules|vm)|wrapSafe|compileSourceTextModule)`;

const signs: readonly Sign[] = [
  { what: "a module is missing", pattern: /Cannot find (?:module|package) '([^']+)'/g },
  { what: "a module is missing", pattern: /Failed to (?:load url|resolve import) "?([^\s"]+)"?/g },
  { what: "a module is missing", pattern: /✘ \[ERROR\] Could not resolve "([^"]+)"/g },
  { what: "an export is missing", pattern: /does not provide an export named '([^']+)'/g },
  { what: "an export is missing", pattern: /No matching export in "[^"]+" for import "([^"]+)"/g },
  {
    what: "a syntax error",
    pattern: new RegExp(`^SyntaxError(?: \\[\\w+\\])?: (?!The requested module).*${loaderFrame}`, "gm"),
  },
  // What Vite, esbuild and Babel say of a file that they cannot read.
  {
    what: "a syntax error",
    pattern:
      /Transform failed with \d+ errors?:|\[PARSE_ERROR\]|✘ \[ERROR\] (?!Could not resolve|No matching export)|^\s*SyntaxError: \/\S+\.\w+: /gm,
  },
  {
    what: "a file that cannot be loaded",
    pattern: /ERR_(?:UNKNOWN_FILE_EXTENSION|UNSUPPORTED_TYPESCRIPT_SYNTAX|INVALID_TYPESCRIPT_SYNTAX)/g,
  },
  { what: "a file is missing", pattern: /^Could not find '([^']+)'/gm },
  { what: "a file is missing", pattern: /can't open file '([^']+)'/g },
  // Only what the compiler raised: its last line of the trace has no function.
  {
    what: "a syntax error",
    pattern:
      /^\s*(?:E\s+)?File "[^"<]+", line \d+\n(?:.*\n){1,3}(?:E\s+)?(?:SyntaxError|IndentationError|TabError):/gm,
  },
  { what: "a module is missing", pattern: /ModuleNotFoundError: No module named '([^']+)'/g },
  { what: "an export is missing", pattern: /ImportError: cannot import name '([^']+)'/g },
  { what: "an import failed", pattern: /^(?:E\s+)?ImportError: (?!cannot import name).*/gm },
  { what: "a file is missing", pattern: /^ERROR: (?:file or directory )?not found: (\S+)/gm },
  { what: "a name is missing", pattern: /^\S+\.go:\d+:\d+: undefined: (?:\w+\.)?(\w+)/gm },
  { what: "a name is missing", pattern: /\(type .* has no field or method (\w+)\)/g },
  { what: "a module is missing", pattern: /no required module provides package ([^\s;]+)/g },
  {
    what: "a name is missing",
    pattern: /^error\[E\d+\]: (?:cannot find .*?|no \w+ named |unresolved import )`([^`]+)`/gm,
  },
  { what: commandIsMissing, pattern: /(?:bwrap: execvp|failed to execute) ([^\s:]+): No such file/g },
  {
    what: commandIsMissing,
    pattern: /^(?:\S*sh: (?:line )?(?:\d+: )?)([^\s:]+): (?:command )?not found/gm,
  },
];

/** Builds that fail without a name that a sign above could tell. */
const failedBuild =
  /\[(?:build|setup) failed\]|^error: could not compile|errors? during collection|^ERROR collecting /m;

const nothingRan: readonly RegExp[] = [
  /^(?:# |ℹ )tests 0$/m,
  /^Ran 0 tests? in /m,
  /^NO TESTS RAN/m,
  /\b(?:no tests ran|collected 0 items) ?/,
  /^No test(?:s| files?) found/im,
  /No test suite found in file|Your test suite must contain at least one test/,
  /^testing: warning: no tests to run/m,
];

function onlyEmptyCargoRuns(output: string): boolean {
  const results = [...output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed/gm)];
  return results.length > 0 && results.every(([, passed, failed]) => passed === "0" && failed === "0");
}

/** Whether a run that ended by itself did nothing at all, whatever its status. */
export function ranNothing(output: string): boolean {
  return nothingRan.some((pattern) => pattern.test(output)) || onlyEmptyCargoRuns(output);
}

/** Why a run that ended with a non-zero status was no proof; `undefined` where it really ran and failed. */
export function findLoadFailure(run: {
  readonly output: string;
  readonly exitCode: number;
  readonly argv: readonly string[];
}): LoadFailure | undefined {
  const hits = signs.flatMap(({ what, pattern }) =>
    [...run.output.matchAll(pattern)].map((match) => ({ what, name: match[1] })),
  );
  const [first] = hits;
  if (first) {
    // One failure without a name is enough to make the whole run worthless as proof.
    const hasNameless = hits.some(({ name }) => name === undefined);
    const names = [...new Set(hits.flatMap(({ name }) => (name === undefined ? [] : [name])))];
    const fault = first.what === commandIsMissing ? "unknown command" : "could not be loaded";
    return { fault, what: first.what, missing: hasNameless ? [] : names };
  }
  if (run.exitCode === 126 || run.exitCode === 127)
    return {
      fault: "unknown command",
      what: `${commandIsMissing} or cannot be run`,
      missing: run.argv.slice(0, 1),
    };
  if (failedBuild.test(run.output))
    return { fault: "could not be loaded", what: "it does not build", missing: [] };
  return undefined;
}

/** Too common in prose to tell that a module of that name was meant. */
const plainStems = new Set([
  "index",
  "main",
  "mod",
  "init",
  "__init__",
  "test",
  "tests",
  "lib",
  "src",
  "util",
  "utils",
  "new",
]);

function namesFor(missing: string, workspace: string): string[] {
  const plain = missing.replace(/^file:\/\//, "");
  const path = plain.startsWith(`${workspace}/`) ? plain.slice(workspace.length + 1) : plain;
  const base = path.split(/[/:]/).filter(Boolean).at(-1) ?? path;
  const stem = base.replace(/(?<=.)\.\w+$/, "");
  const dotted = path.split(".").at(-1) ?? path;
  const short = [stem, ...(path.includes("/") ? [] : [dotted])].filter(
    (name) => !plainStems.has(name.toLowerCase()),
  );
  return [path, ...(plainStems.has(base.toLowerCase()) ? [] : [base]), ...short].filter(
    (name) => name.length > 1,
  );
}

function holdsWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w$])${word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\w$])`).test(text);
}

/**
 * Whether the justification names everything that is missing: by path, by base name with or without its ending, or by
 * the export's name, each as a word.
 */
export function isAskedFor(
  failure: Pick<LoadFailure, "missing">,
  justification: string,
  workspace: string,
): boolean {
  if (failure.missing.length === 0) return false;
  return failure.missing.every((missing) =>
    namesFor(missing, workspace).some((name) => holdsWord(justification, name)),
  );
}
