// What a file is by its path alone, by the conventions of the runners and package managers: test, docs, manifest, …
import { extensionOf, languageOf } from "./language.ts";

export type PathKind = "test" | "docs" | "lock" | "manifest" | "configuration" | "types" | "code" | "other";

const locks =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|uv\.lock|poetry\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock)$/;

const manifests =
  /(?:^|\/)(?:package\.json|pnpm-workspace\.yaml|deno\.jsonc?|pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|Pipfile|Cargo\.toml|go\.mod|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?)$/;

const runnerConfigurations =
  /(?:^|\/)(?:(?:vitest|vite|jest|ava|playwright|cypress|karma|web-test-runner)\.config\.\w+|vitest\.workspace\.\w+|\.?mocharc\.?\w*|\.taprc|\.c8rc\.?\w*|\.nycrc\.?\w*|pytest\.ini|tox\.ini|noxfile\.py|conftest\.py|\.coveragerc|babel\.config\.\w+|\.babelrc\.?\w*|\.npmrc|\.yarnrc(?:\.yml)?|Makefile|rust-toolchain(?:\.toml)?|\.cargo\/config\.toml)$/;

const otherConfigurations =
  /(?:^|\/)(?:[\w.-]+\.config\.\w+|\.?eslintrc\.?\w*|\.eslintignore|\.prettierrc\.?\w*|\.?prettierignore|biome\.jsonc?|tsconfig[\w.-]*\.json|jsconfig\.json|\.editorconfig|\.gitignore|\.gitattributes|\.?flake8|mypy\.ini|\.?ruff\.toml|\.pylintrc|\.golangci\.ya?ml|clippy\.toml|rustfmt\.toml|Dockerfile|\.dockerignore)$/;

const tests = [
  /(?:^|\/)(?:tests?|__tests__|__mocks__|__snapshots__|specs?|e2e|fixtures?|testdata|test-fixtures?)\//i,
  /\.(?:test|spec)(?:-d)?\.[cm]?[jt]sx?$/,
  /(?:^|[-_/])(?:test|tests|spec)\.[cm]?[jt]sx?$/,
  /(?:^|\/)test[-_][^/]+\.[cm]?[jt]sx?$/,
  /(?:^|\/)(?:test_[^/]+|[^/]+_test|conftest)\.py$/,
  /_test\.(?:go|rs)$/,
  /_spec\.rb$/,
  /(?:Test|Tests|IT)\.(?:java|kt)$/,
  /\.snap$/,
];

const docs = new Set(["md", "mdx", "markdown", "txt", "rst", "adoc", "asciidoc", "html", "css", "svg"]);
const docNames =
  /(?:^|\/)(?:LICENSE|LICENCE|NOTICE|AUTHORS|CHANGELOG|CONTRIBUTING|README|CODEOWNERS)(?:\.\w+)?$/i;
const configurations = new Set(["json", "jsonc", "yaml", "yml", "toml", "ini", "cfg", "conf", "lock", "xml"]);

export function isRunnerConfiguration(path: string): boolean {
  return runnerConfigurations.test(path);
}

export function isLockFile(path: string): boolean {
  return locks.test(path);
}

export function isTestPath(path: string): boolean {
  return tests.some((pattern) => pattern.test(path));
}

const built = /(?:^|\/)(?:dist|umd)\/|\.min\.[cm]?js$/;
const around =
  /(?:^|\/)(?:bench(?:mark)?s?|perf|examples?|samples?|demos?|docs?|website|playgrounds?)\/|(?:^|[/.])bench(?:mark)?\.[cm]?[jt]s$/i;

/** By convention built from other files of the tree. */
export function isBuiltPath(path: string): boolean {
  return built.test(path);
}

/** By convention run beside the product, never as a part of it: benchmarks, examples, a website. */
export function isAroundPath(path: string): boolean {
  return around.test(path);
}

export function kindOfPath(path: string): PathKind {
  if (isLockFile(path)) return "lock";
  if (manifests.test(path)) return "manifest";
  if (isRunnerConfiguration(path) || otherConfigurations.test(path)) return "configuration";
  if (isTestPath(path)) return "test";
  const extension = extensionOf(path);
  if (docs.has(extension) || docNames.test(path)) return "docs";
  if (/\.d\.[cm]?ts$/.test(path) || extension === "pyi") return "types";
  if (languageOf(path) !== undefined) return "code";
  return configurations.has(extension) ? "configuration" : "other";
}
