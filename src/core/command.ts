// A comment as a command: one whole line of exact ASCII, outside quotes, code and HTML comments.
export type ParsedComment =
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly names: readonly string[] }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "command"; readonly name: string; readonly argument: string; readonly rest: string };

/** Longer comments are not read at all. GitHub's own limit is 65,536 characters. */
const maxLength = 65_536;

/**
 * The one command of a comment. `argument` is what follows on its line, `rest` the lines after it. Lines that start
 * with `/` but are in code, quotes or HTML comments do not count.
 */
export function parseComment(body: string, known: readonly string[]): ParsedComment {
  if (body.length > maxLength || !body.includes("/")) return { kind: "none" };
  const lines = body.replaceAll("\r\n", "\n").split("\n");
  const candidates = commandLines(lines);
  const first = candidates[0];
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
}

function commandLines(lines: readonly string[]): CommandLine[] {
  const found: CommandLine[] = [];
  let fence: string | undefined;
  let isHtmlComment = false;
  for (const [index, line] of lines.entries()) {
    if (isHtmlComment) {
      if (line.includes("-->")) isHtmlComment = false;
      continue;
    }
    const fenceMark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (fenceMark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (fenceMark !== undefined) {
      fence = fenceMark;
      continue;
    }
    if (line.includes("<!--") && !line.includes("-->", line.indexOf("<!--"))) {
      isHtmlComment = true;
      continue;
    }
    const match = /^\/([a-z]+)(?: ([\x20-\x7e]*))?$/.exec(line.replace(/ {1,100}$/, ""));
    if (match?.[1] !== undefined) found.push({ index, name: match[1], argument: (match[2] ?? "").trim() });
  }
  return found;
}
