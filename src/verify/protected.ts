// Which paths a frame protects: its glob patterns, and the hashes of what they cover at base.
import type { TreeListing } from "./git-objects.ts";

function toExpression(pattern: string): RegExp {
  const trimmed = pattern.replace(/^\.?\//, "").replace(/\/$/, "/**");
  const anchored = trimmed.includes("/") ? trimmed : `**/${trimmed}`;
  const source = anchored.replace(/\*\*\/|\/\*\*$|\*\*|\*|\?|[^*?]/g, (token) => {
    if (token === "**/") return "(?:[^/]+/)*";
    if (token === "/**") return "(?:/.*)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    return token.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "i");
}

/**
 * Whether a path is protected. `*` stays inside one folder, `**` crosses them, a trailing `/` means all below; a pattern
 * without `/` matches that name in every folder. Case is ignored, since some file systems ignore it.
 */
export function protectedPathTest(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(toExpression);
  return (path) => expressions.some((expression) => expression.test(path));
}

/** The protected files of a tree, for the seal. The frame's own folder is hashed apart. */
export function protectedFiles(listing: TreeListing, patterns: readonly string[]): TreeListing {
  const isProtected = protectedPathTest(patterns);
  return new Map([...listing].filter(([path]) => !path.startsWith(".harness/") && isProtected(path)));
}
