// What nobody may change by the way: dependencies, lifecycle scripts, the test command, runner configuration, lock files.
// It needs the request's own words, the kind `upgrade`, or a person's word.
import * as z from "zod";
import type { ChangedFile } from "../change/changed-files.ts";
import { isAroundPath, isRunnerConfiguration, isTestPath } from "../change/path-kind.ts";

/** One thing that needs agreement. The request agrees where it has `name`. */
export interface Matter {
  readonly path: string;
  readonly name: string;
  readonly what: string;
}

const table = z.record(z.string(), z.unknown()).catch({});
const manifestSchema = z.looseObject({ scripts: table.optional() });

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

const dependencyFields = [
  "dependencies",
  "devDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "optionalDependencies",
  "bundleDependencies",
  "bundledDependencies",
  "overrides",
  "resolutions",
];
const runnerFields = [
  "jest",
  "mocha",
  "ava",
  "vitest",
  "nyc",
  "c8",
  "tap",
  "babel",
  "pnpm",
  "workspaces",
  "imports",
];
const lifecycle =
  /^(?:pre|post)?(?:install|prepare|publish|pack|dependencies|uninstall|test)$|^(?:prepublishOnly)$/;

function parsed(text: string | undefined): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

/** Keys whose values are not the same. */
function changedKeys(before: unknown, after: unknown): string[] {
  const [a, b] = [table.parse(before ?? {}), table.parse(after ?? {})];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]),
  );
}

/** Scripts that the test command runs, by what base's scripts call. */
function testScripts(scripts: Readonly<Record<string, unknown>>, testCommand: string): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (text: string) => {
    for (const name of Object.keys(scripts)) {
      const isCalled = new RegExp(
        `\\b(?:run|run-script|npm|yarn|pnpm)\\b[^&|;]*\\s${escaped(name)}(?![\\w:-])`,
      );
      if (found.has(name) || !isCalled.test(text)) continue;
      found.add(name);
      follow(String(scripts[name]));
    }
  };
  follow(testCommand);
  if (found.size > 0 || scripts.test !== undefined) found.add("test");
  follow(String(scripts.test ?? ""));
  return found;
}

function manifestMatters({ path, before, after }: ChangedFile, testCommand: string): Matter[] {
  const [a, b] = [parsed(before), parsed(after)];
  const dependencies = dependencyFields.flatMap((field) =>
    changedKeys(a[field], b[field]).map((name) => ({ path, name, what: `${path}: \`${name}\` in ${field}` })),
  );
  const runner = changedKeys(a, b)
    .filter((key) => runnerFields.includes(key))
    .map((key) => ({ path, name: key, what: `${path}: \`${key}\`, which tests or installs are run by` }));
  const ofTests = testScripts(a.scripts ?? {}, testCommand);
  const scripts = changedKeys(a.scripts, b.scripts)
    .filter((name) => lifecycle.test(name) || ofTests.has(name))
    .map((name) => ({ path, name: `${name} script`, what: `${path}: the script \`${name}\`` }));
  return [...dependencies, ...runner, ...scripts];
}

const sections =
  /dependenc|build-system|tool\.(?:pytest|coverage|tox|nox|hatch|poetry|uv)|options|^\[?(?:require|replace|exclude)|patch|profile/i;

/** Lines of a manifest without a JSON form, by the section that they stand in. */
function otherManifestMatters({ path, before, after, hunks }: ChangedFile): Matter[] {
  if (/requirements[\w.-]*\.txt$|Pipfile$|Gemfile$|go\.mod$|setup\.py$|pom\.xml$|gradle/.test(path))
    return [{ path, name: path, what: `${path}, which names dependencies` }];
  const sectionAt = (text: string | undefined, line: number) =>
    (text ?? "")
      .split("\n")
      .slice(0, line)
      .findLast((each) => /^\s*\[/.test(each) || /^dependencies\s*=/.test(each)) ?? "";
  const touched = hunks.flatMap(({ baseStart, baseLines, headStart, headLines }) => [
    ...baseLines.map((_, index) => sectionAt(before, baseStart + index)),
    ...headLines.map((_, index) => sectionAt(after, headStart + index)),
  ]);
  const own = [...new Set(touched.filter((section) => sections.test(section)))];
  return own.map((section) => ({ path, name: path, what: `${path}: ${section.trim().slice(0, 60)}` }));
}

/** A lock file that only says the package's own new version names no dependency. */
function isOwnVersionOnly({ path, before, after }: ChangedFile): boolean {
  if (!/(?:package-lock|npm-shrinkwrap)\.json$/.test(path)) return false;
  const plain = (text: string | undefined) => {
    const lock = parsed(text);
    const packages = table.parse(lock.packages ?? {});
    return JSON.stringify({
      ...lock,
      version: "",
      packages: { ...packages, "": { ...table.parse(packages[""] ?? {}), version: "" } },
    });
  };
  return before !== undefined && after !== undefined && plain(before) === plain(after);
}

function mattersOf(file: ChangedFile, testCommand: string): Matter[] {
  const { path, kind } = file;
  const name = path.replace(/^.*\//, "");
  // A package of the tests' or a benchmark's own, to be read or built by them: nothing is installed from it.
  const isOfItsOwn = isTestPath(path) || isAroundPath(path);
  if (isOfItsOwn && (kind === "lock" || kind === "manifest")) return [];
  if (kind === "lock") return isOwnVersionOnly(file) ? [] : [{ path, name, what: `${path}, a lock file` }];
  const isMake = name === "Makefile" && /\bmake\b/.test(testCommand);
  if (isRunnerConfiguration(path) || isMake) return [{ path, name, what: `${path}, which tests are run by` }];
  if (name === "package.json") return manifestMatters(file, testCommand);
  return kind === "manifest" ? otherManifestMatters(file) : [];
}

/** Whether the request speaks of it, as a word of its own. */
function isNamed(name: string, request: string): boolean {
  return new RegExp(`(?<![\\w/@-])${escaped(name)}(?![\\w/-])`, "i").test(request);
}

export interface Agreement {
  /** The request's words. */
  readonly request: string;
  readonly testCommand: string;
  /** Paths whose change a person agreed to. */
  readonly allowed: readonly string[];
}

/** What the change does that nobody agreed to. A lock file follows the dependencies that were agreed. */
export function withoutAgreement(
  files: readonly ChangedFile[],
  { request, testCommand, allowed }: Agreement,
): readonly Matter[] {
  const matters = files.flatMap((file) => mattersOf(file, testCommand));
  const open = matters.filter(({ path, name }) => !allowed.includes(path) && !isNamed(name, request));
  const isLock = ({ what }: Matter) => what.endsWith("a lock file");
  const hasAgreed = matters.some((matter) => !isLock(matter) && !open.includes(matter));
  return hasAgreed && open.every(isLock) ? [] : open;
}
