// Files that were added and do not belong into a repository: logs, editor and merge left-overs, output, large dumps.
import { isTestPath } from "../change/path-kind.ts";
import type { HygieneFacts, Note } from "./note.ts";

/** A file that is no text, in bytes; and one that is. */
const largestBinary = 100_000;
const largestText = 500_000;
/** Outside tests, data of this size that the change brings is a table of answers until somebody says otherwise. */
const largestData = 100_000;

const always =
  /\.(?:orig|rej|swp|swo|pyc|pyo|class|o)$|~$|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|npm-debug\.log|yarn-error\.log|\.coverage|lcov\.info|core\.\d+)$|(?:^|\/)(?:__pycache__|node_modules|\.nyc_output|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.idea)\//;
const outsideTests =
  /\.(?:log|tmp|temp|bak|old|patch|diff|cpuprofile|heapsnapshot)$|(?:^|\/)(?:coverage|htmlcov|\.vscode)\//;
const data = /\.(?:json|csv|tsv|ndjson|jsonl|sql|db|sqlite3?|txt|bin|dat|pkl)$/i;

function whyStray(path: string, { texts }: HygieneFacts): string | undefined {
  const folder = path.split("/", 1)[0] ?? "";
  const isUsual = path.includes("/") && texts.base.paths.some((each) => each.startsWith(`${folder}/`));
  if (always.test(path)) return "a left-over of a tool";
  if (!isTestPath(path) && outsideTests.test(path) && !isUsual) return "a left-over of a tool";
  if (!isTestPath(path) && /\.(?:log|tmp|temp|bak|old)$/.test(path)) return "a left-over of a tool";
  const size = texts.head.size(path);
  if (texts.head.text(path) === undefined)
    return size > largestBinary ? `${size} bytes that are no text` : undefined;
  if (size > largestText) return `${size} bytes`;
  return data.test(path) && !isTestPath(path) && size > largestData ? `${size} bytes of data` : undefined;
}

export function strayFileNotes(facts: HygieneFacts): Note[] {
  const { base, head } = facts.texts;
  const [before, after] = [new Set(base.paths), new Set(head.paths)];
  return facts.files
    .filter(({ path, kind }) => after.has(path) && !before.has(path) && kind !== "lock")
    .flatMap(({ path }) => {
      const why = whyStray(path, facts);
      return why === undefined ? [] : [`${path}: a stray file, ${why}`];
    });
}
