// Which untracked paths are no part of a change: what the parent's own .gitignore files say, and caches that tools leave.
import ignore, { type Ignore } from "ignore";

export interface IgnoreRules {
  /** `path` is relative to the tree, without a trailing slash; folders above it are known not to be ignored. */
  isIgnored(path: string, isDirectory: boolean): boolean;
}

const cacheFolder =
  /^(?:node_modules|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.venv|\.nyc_output)$/;
const cacheFile = /(?:\.pyc|\.pyo|\.tsbuildinfo)$|^(?:\.DS_Store|\.coverage)$/;

/** `files`: text of each .gitignore by the folder it stands in (`""` for the root). Deeper files win, as in git. */
export function createIgnoreRules(files: ReadonlyMap<string, string>): IgnoreRules {
  const rules = [...files]
    .sort(([a], [b]) => a.length - b.length)
    .map(([folder, text]): { prefix: string; rule: Ignore } => ({
      prefix: folder === "" ? "" : `${folder}/`,
      rule: ignore().add(text),
    }));
  return {
    isIgnored(path, isDirectory) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (isDirectory ? cacheFolder.test(name) : cacheFile.test(name)) return true;
      let isIgnored = false;
      for (const { prefix, rule } of rules) {
        if (!path.startsWith(prefix)) continue;
        const found = rule.test(`${path.slice(prefix.length)}${isDirectory ? "/" : ""}`);
        if (found.ignored) isIgnored = true;
        else if (found.unignored) isIgnored = false;
      }
      return isIgnored;
    },
  };
}
