// Finds files by the patterns that GitHub's own actions take (no braces; `!` excludes; a directory means all below).
// Leaves what is done with the files to the callers.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";

interface Pattern {
  readonly negated: boolean;
  /** The longest leading path without wildcards. */
  readonly searchPath: string;
  readonly expression: RegExp;
}

const WILDCARD = /[*?[]/;

function segmentExpression(segment: string): string {
  let out = "";
  for (let i = 0; i < segment.length; i++) {
    const character = segment.charAt(i);
    const end = character === "[" ? segment.indexOf("]", i + 2) : -1;
    if (character === "*") out += "[^/]*";
    else if (character === "?") out += "[^/]";
    else if (end > 0) {
      out += `[${segment
        .slice(i + 1, end)
        .replace(/^!/, "^")
        .replaceAll("\\", "\\\\")}]`;
      i = end;
    } else out += character.replace(/[.+^${}()|\\[\]/]/g, "\\$&");
  }
  return out;
}

function parsePattern(root: string, text: string): Pattern {
  const negated = text.startsWith("!");
  const absolute = resolve(root, negated ? text.slice(1).trim() : text);
  const segments = absolute.split(sep).filter((segment) => segment !== "");
  const wild = segments.findIndex((segment) => WILDCARD.test(segment));
  const searchPath = `${sep}${segments.slice(0, wild < 0 ? undefined : wild).join(sep)}`;
  const body = segments
    .map((segment, index) => {
      if (segment === "**") return index === segments.length - 1 ? "(?:/.*)?" : "(?:/[^/]+)*";
      return `/${segmentExpression(segment)}`;
    })
    .join("");
  return { negated, searchPath, expression: new RegExp(`^${body}(?:/.*)?$`, "s") };
}

interface Walk {
  readonly skipHidden: boolean;
  readonly skip: ReadonlySet<string>;
  /** Real paths of the directories above, against loops of symbolic links. */
  readonly above: readonly string[];
}

function* walk(path: string, options: Walk): Generator<string> {
  if (options.skip.has(basename(path)) || (options.skipHidden && basename(path).startsWith("."))) return;
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  const real = realpathSync(path);
  if (options.above.includes(real)) return;
  for (const name of readdirSync(path).sort())
    yield* walk(join(path, name), { ...options, above: [...options.above, real] });
}

interface FoundFiles {
  /** Absolute paths, sorted; symbolic links are followed. */
  readonly files: readonly string[];
  readonly searchPaths: readonly string[];
}

/** `root` is absolute. With `skipHidden`, nothing whose name begins with a dot is entered, a search path included. */
export function findFiles(
  root: string,
  patterns: readonly string[],
  options: { skipHidden?: boolean; skip?: readonly string[] } = {},
): FoundFiles {
  const parsed = patterns
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "" && !pattern.startsWith("#"))
    .map((pattern) => parsePattern(root, pattern));
  const searchPaths = [...new Set(parsed.filter((p) => !p.negated).map((p) => p.searchPath))];
  const outermost = searchPaths.filter(
    (path) =>
      !searchPaths.some((other) => other !== path && path.startsWith(other === sep ? sep : other + sep)),
  );
  const settings = { skipHidden: options.skipHidden === true, skip: new Set(options.skip ?? []), above: [] };
  const files = outermost
    .flatMap((path) => [...walk(path, settings)])
    .filter((file) => matches(file, parsed));
  return { files: [...new Set(files)].sort(), searchPaths: outermost };
}

function matches(file: string, patterns: readonly Pattern[]): boolean {
  let included = false;
  for (const pattern of patterns) if (pattern.expression.test(file)) included = !pattern.negated;
  return included;
}

/** As the expression function `hashFiles`: sha256 over the sha256 of each file; empty when nothing matches. */
export function hashFiles(root: string, patterns: readonly string[]): string {
  const { files } = findFiles(root, patterns, { skip: [".git"] });
  const inside = files.filter((file) => file.startsWith(root + sep));
  if (inside.length === 0) return "";
  const hash = createHash("sha256");
  for (const file of inside) hash.update(createHash("sha256").update(readFileSync(file)).digest());
  return hash.digest("hex");
}

/** True when `name` as a whole matches the wildcard pattern (for artifact names). */
export function matchesName(pattern: string, name: string): boolean {
  return new RegExp(`^${segmentExpression(pattern.replaceAll("**", "*"))}$`, "s").test(name);
}
