// Which changed files belong to the tests and their runner. Decided by base: by path, by what its configuration and test
// command name, and by what its run collected.
import type { TreeDifference } from "../core/change.ts";
import type { TestChanges } from "../core/test-report.ts";
import type { TreeTexts } from "../gates/change/changed-files.ts";
import { isRunnerConfiguration, isTestPath } from "../gates/change/path-kind.ts";
import { mergeInlineTests } from "./inline-tests.ts";
import { type MergedManifest, mergeManifest } from "./manifest-sections.ts";
import type { ResolvedCommand } from "./shell-command.ts";

export interface ChangedTree {
  readonly differences: readonly TreeDifference[];
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
}

/** What has to be done to head so that its tests and their runner are base's. */
export interface TestSide extends TestChanges {
  /** Written as on base, and removed. */
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  readonly merged: ReadonlyMap<string, string>;
}

/** Files that Python loads by itself, compiler settings that runners read, and tools that come with the tree. */
const alsoConfiguration =
  /(?:^|\/)(?:(?:site|user)customize\.py|[\w.-]+\.pth|tsconfig[\w.-]*\.json|\.env\.test)$|(?:^|\/)(?:node_modules|\.?venv)\//;
const setUpKeys =
  /\b(?:setup\w*|global(?:Setup|Teardown)|require|import|file|spec|loader|testEnvironment|environment|reporters?|runner|resolver|transform|preset|snapshotSerializers|nodeArguments|node-option)["']?\s*[:=]\s*(\[[^\]]*\]|\{[^}]*\}|["'][^"'\n]*["']|(?:\s*\n\s+-\s*\S+)+|[\w./-]+)/g;

function wordsOf(text: string): string[] {
  return text.split(/[\s,=:"'[\]{}]+/).map((word) => word.replace(/^(?:<rootDir>)?(?:\.?\/)+/, ""));
}

/** Files of base by which its runner is set up. What lies among the product's own code is left to the product. */
function namedOnBase({ paths, text }: TreeTexts, command: ResolvedCommand): ReadonlySet<string> {
  const settings = paths.filter((path) => isRunnerConfiguration(path) || path === "package.json");
  const named = settings.flatMap((path) =>
    [...(text(path) ?? "").matchAll(setUpKeys)].flatMap(([, value = ""]) => wordsOf(value)),
  );
  const words = [...named, ...wordsOf([...command.before, command.lastText].join(" "))];
  const isProduct = (path: string) => /^(?:src|lib|dist|build|bin|index\.\w+$)/.test(path);
  const known = new Set(paths);
  const found = words.flatMap((word) => [word, `${word}.js`, `${word}.ts`, `${word}.cjs`, `${word}.mjs`]);
  return new Set(found.filter((path) => known.has(path) && !isProduct(path) && path !== "package.json"));
}

const declaresTests = /\b(?:it|test|describe)\s*(?:\.\w+)*\(|^\s*(?:async )?def test_|^class Test/m;

/** Collected on base and nothing but tests: code that has its tests inside is code. */
function isCollected(path: string, base: TreeTexts, collected: ReadonlySet<string>): boolean {
  const text = base.text(path) ?? "";
  return collected.has(path) && declaresTests.test(text) && !/import\.meta\.vitest|^\s*>>> /m.test(text);
}

interface Sorted {
  readonly tests: readonly TreeDifference[];
  readonly settings: readonly TreeDifference[];
  readonly manifests: readonly { readonly path: string; readonly manifest: MergedManifest }[];
  /** Code with its tests inside. */
  readonly inline: readonly { readonly path: string; readonly text: string }[];
}

function sort(
  { differences, texts }: ChangedTree,
  command: ResolvedCommand,
  collected: ReadonlySet<string>,
): Sorted {
  const named = namedOnBase(texts.base, command);
  const isSetting = (path: string) => isRunnerConfiguration(path) || alsoConfiguration.test(path);
  const isTest = (path: string) => isTestPath(path) || isCollected(path, texts.base, collected);
  const manifests = differences.flatMap(({ path }) => {
    const [base, head] = [texts.base.text(path), texts.head.text(path)];
    const manifest = base === undefined || head === undefined ? undefined : mergeManifest(path, base, head);
    return manifest && !isTest(path) ? [{ path, manifest }] : [];
  });
  const inline = differences.flatMap(({ path }) => {
    const [base, head] = [texts.base.text(path), texts.head.text(path)];
    if (base === undefined || head === undefined || isTest(path)) return [];
    const text = mergeInlineTests(path, base, head);
    return text === undefined ? [] : [{ path, text }];
  });
  const settings = differences.filter(({ path }) => isSetting(path) || (named.has(path) && !isTest(path)));
  const tests = differences.filter(({ path }) => isTest(path) && !isSetting(path));
  return { tests, settings, manifests, inline };
}

/** `collected`: files of which base's run had tests. */
export function testSideOf(
  change: ChangedTree,
  command: ResolvedCommand,
  collected: ReadonlySet<string> = new Set(),
): TestSide {
  const { tests, settings, manifests, inline } = sort(change, command, collected);
  const paths = (from: readonly TreeDifference[], is: (each: TreeDifference) => boolean) =>
    from.filter(is).map(({ path }) => path);
  const all = [...tests, ...settings];
  const described = manifests.map(({ path, manifest }) => `${path} (${manifest.changed.join(", ")})`);
  return {
    added: paths(tests, ({ before }) => before === undefined),
    changed: [
      ...paths(tests, ({ before, after }) => before !== undefined && after !== undefined),
      ...inline.map(({ path }) => path),
    ].sort(),
    deleted: paths(tests, ({ after }) => after === undefined),
    configuration: [...paths(settings, () => true), ...described].sort(),
    restored: paths(all, ({ before }) => before !== undefined),
    removed: paths(all, ({ before }) => before === undefined),
    merged: new Map([
      ...manifests.map(({ path, manifest }): [string, string] => [path, manifest.text]),
      ...inline.map(({ path, text }): [string, string] => [path, text]),
    ]),
  };
}
