// Commands of a test script that look at the texts of a tree and run none of its tests: linters, formatters, type checks.
const launcher = String.raw`(?:\w+=\S*\s+)*(?:npx\s+(?:--no(?:-install)?\s+)?|(?:pnpm|yarn)\s+(?:exec\s+)?)?(?:\S*\/)?`;

const tools = [
  "eslint|oxlint|biome|xo|standard|semistandard|ts-standard|jshint|jscs|tslint|stylelint|gts|rome|dprint",
  "prettier|markdownlint(?:-cli2?)?|remark|alex|cspell|textlint|eclint|editorconfig-checker|commitlint",
  "tsd|dtslint|attw|publint|arethetypeswrong|knip|depcheck|madge|size-limit|bundlesize|check-dts|evalmd|ls-engines",
  "ruff|flake8|black|isort|mypy|pylint|golangci-lint|clippy",
].join("|");

const onlyLooks = new RegExp(
  `^${launcher}(?:(?:${tools})(?=\\s|$)|tsc\\b.*\\s--noEmit\\b|(?:npm|yarn|pnpm)\\s+audit\\b|aud(?=\\s|$))`,
);

/** Nothing is lost where it is left out of a run whose only question is which tests pass. */
export function looksAtTexts(text: string): boolean {
  return onlyLooks.test(text);
}
