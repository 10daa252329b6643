// Finds what a change brings to behave for its tests alone: code that asks whether it is being tested, and files that
// stand in for the runner or for a dependency. Pure.
import { requestText } from "../core/frame.ts";
import { changedFiles } from "./change/changed-files.ts";
import type { GateFacts } from "./types.ts";

const signs: readonly RegExp[] = [
  /\b(?:VITEST(?:_\w+)?|JEST_WORKER_ID|NODE_TEST_CONTEXT|NODE_V8_COVERAGE|AVA_PATH|TAP(?:_CHILD_ID|_JOB_ID)?|PYTEST_CURRENT_TEST|PYTEST_VERSION|RUST_TEST_THREADS|AGENT_HARNESS\w*)\b(?=["'`\])]|\s*[=!?)&|;,]|\s+in\b|$)/,
  /\bNODE_ENV["'\]]*\s*[=!]==?\s*["'`]test/,
  /["'`](?:pytest|_pytest|unittest)["'`]\s+(?:not\s+)?in\s+sys\.modules/,
  /\b(?:argv|execArgv|argv0|stack)\b.*["'`/](?:-?-?test|[^"'`/]*(?:vitest|mocha|jest|node:test|pytest|ava|tape)\b)/,
  /\b(?:vitest|mocha|jest|node:test|pytest)\b.*\.stack\b/,
  /\btypeof\s+(?:globalThis\.|global\.)?(?:describe|it|test|expect|jest|vi|mocha|suite)\b/,
  /\btesting\.Testing\(\)|\bimport\.meta\.vitest\b.*(?:return|\?)/,
];

function signIn(line: string): string | undefined {
  return signs.map((sign) => sign.exec(line)?.[0]).find((found) => found !== undefined);
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
    .flatMap(({ path, hunks }) =>
      hunks.flatMap(({ headStart, headLines, baseLines }) => {
        const before = new Set(baseLines.map((line) => line.trim()));
        return headLines.flatMap((line, index) => {
          const sign = before.has(line.trim()) ? undefined : signIn(line);
          const word = /\w{4,}/.exec(sign ?? "")?.[0] ?? sign;
          return sign === undefined || asked.includes(word ?? sign) ? [] : [`${path}:${headStart + index}`];
        });
      }),
    );
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
