// A comment as a command: one whole line of exact ASCII that stands by itself where the comment is read: outside quotes,
// code, HTML and HTML comments.
export type ParsedComment =
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly names: readonly string[] }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "command"; readonly name: string; readonly argument: string; readonly rest: string };

/** Longer comments are not read at all. GitHub's own limit is 65,536 characters. */
const maxLength = 65_536;

/** Whether a comment could hold a command. Costs nothing, however long it is. */
export function mayBeCommand(body: string): boolean {
  return body.length <= maxLength && /^\/[a-z]/m.test(body);
}

/**
 * The one command of a comment. `argument` is what follows on its line, `rest` the lines after it. A line that starts
 * with `/` inside code, a quote or HTML does not count; what cannot be told apart from them does not count either.
 */
export function parseComment(body: string, known: readonly string[]): ParsedComment {
  if (!mayBeCommand(body)) return { kind: "none" };
  const lines = body.split(/\r\n?|\n/);
  const candidates = commandLines(lines);
  const first = candidates.find(({ standsAlone }) => standsAlone);
  if (first === undefined) return { kind: "none" };
  if (candidates.length > 1) return { kind: "several", names: candidates.map(({ name }) => name) };
  if (!known.includes(first.name)) return { kind: "unknown", name: first.name };
  const rest = lines
    .slice(first.index + 1)
    .join("\n")
    .trim();
  return { kind: "command", name: first.name, argument: first.argument, rest };
}

interface CommandLine {
  readonly index: number;
  readonly name: string;
  readonly argument: string;
  /** Nothing before it in its paragraph could make it part of a code span, a quote, a link or the like. */
  readonly standsAlone: boolean;
}

/** Blocks as GitHub's Markdown reads them; at the first line that this reading cannot be sure of, it ends. */
function commandLines(lines: readonly string[]): CommandLine[] {
  const found: CommandLine[] = [];
  let fence: string | undefined;
  let isHtmlComment = false;
  let standsAlone = true;
  for (const [index, line] of lines.entries()) {
    if (fence !== undefined) {
      if (closesFence(line, fence)) fence = undefined;
    } else if (isHtmlComment || line.startsWith("<!--")) {
      if (reopensComment(line)) break;
      isHtmlComment = !line.includes("-->");
      standsAlone = true;
    } else if (isOpaque(line)) {
      break;
    } else {
      fence = openedFence(line);
      const match = /^\/([a-z]{1,32})(?: ([\x20-\x7e]*))?$/.exec(line);
      if (match?.[1] !== undefined)
        found.push({ index, name: match[1], argument: (match[2] ?? "").trim(), standsAlone });
      standsAlone = fence !== undefined || isBlank(line) || (standsAlone && isPlain(line));
    }
  }
  return found;
}

const isBlank = (line: string) => /^[ \t]*$/.test(line);

/** A fence at the margin. Indented ones may belong to a list, and end with it. */
function openedFence(line: string): string | undefined {
  return /^(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line)?.slice(1).find(Boolean);
}

function closesFence(line: string, fence: string): boolean {
  const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return mark?.startsWith(fence) === true;
}

/** Markdown takes such a line for a comment's end, and a browser for the beginning of the next. */
function reopensComment(line: string): boolean {
  return line.includes("-->") && line.lastIndexOf("<!--") > line.lastIndexOf("-->");
}

/** Words, and nothing that could reach into the next line: `[name]:`, an open code span, a quote, a table, a list. */
function isPlain(line: string): boolean {
  return /^(?![ \t]|[-+*>]|\d{1,9}[.)])[^`<>[\]|$\\~]*$/.test(line);
}

/** What may swallow any number of lines after it, by rules too many to follow: HTML, mathematics, blocks in lists. */
function isOpaque(line: string): boolean {
  if (/^[ \t]+(?:`{3}|~{3}|<)|^<[a-z/!?]|^\$\$/i.test(line)) return true;
  if (/<(?:details|pre|code|blockquote|del|s|strike|samp|kbd|tt|a)\b/i.test(line)) return true;
  const opened = line.lastIndexOf("<!--");
  return opened > 0 && !line.includes("-->", opened);
}
