// Reads the lines of a request's Markdown: which are code, quotes, HTML comments, headings, list entries or prose.
// What the lists and sentences mean is left to `items.ts` and `sentences.ts`.

/**
 * `entry` opens an entry of a top-level list and `inner` belongs to it; `underline` is the second line of a heading
 * that is marked by dashes or equals signs.
 */
export type LineRole =
  | "blank"
  | "comment"
  | "code"
  | "quote"
  | "heading"
  | "underline"
  | "rule"
  | "entry"
  | "inner"
  | "text";

export interface RequestLine {
  /** Offsets in the body; `end` is before the line's own end characters. */
  readonly start: number;
  readonly end: number;
  /** The line with HTML comments blanked by spaces, so that columns stay. */
  readonly text: string;
  readonly role: LineRole;
  /** For `entry`: how many lists opened up to here, from 1. */
  readonly list: number;
  /** For `entry`: where the text after marker and check-box starts, as an offset in the line. */
  readonly contentAt: number;
  readonly box: "none" | "open" | "done";
}

export interface Marker {
  readonly family: "bullet" | "ordered";
  readonly number: number;
  readonly bullet: string;
  readonly contentAt: number;
  readonly box: "none" | "open" | "done";
}

const fencePattern = /^\s*(`{3,}(?=[^`]*$)|~{3,})/;
const headingPattern = /^ {0,3}#{1,6}(?:[ \t]|$)/;
const quotePattern = /^ {0,3}>/;
const rulePattern = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const underlinePattern = /^ {0,3}(?:=+|-+)[ \t]*$/;
const htmlBlockPattern = /^ {0,3}<(pre|blockquote|script|style|textarea)\b/i;

/** The list marker at the start of a line, whatever its indentation. */
export function markerOf(text: string): Marker | undefined {
  if (rulePattern.test(text.trimStart())) return undefined;
  const match = /^[ \t]*(?:([-*+])|(\d{1,9})[.)])(?=[ \t]|$)[ \t]*/.exec(text);
  if (match === null) return undefined;
  const box = /^\[([ xX]?)\](?=[ \t]|$)[ \t]*/.exec(text.slice(match[0].length));
  return {
    family: match[1] === undefined ? "ordered" : "bullet",
    number: Number(match[2] ?? 1),
    bullet: match[1] ?? "",
    contentAt: match[0].length + (box?.[0].length ?? 0),
    box: box === null ? "none" : (box[1] ?? "").toLowerCase() === "x" ? "done" : "open",
  };
}

/** Columns of white space at the start; a tab goes to the next multiple of four. */
export function indentOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (character === " ") columns += 1;
    else if (character === "\t") columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

/** True where the line announces what follows: its last visible character is a colon. */
export function endsWithColon(text: string): boolean {
  return /[:：]$/.test(bareText(text.slice(-200)));
}

/** The line (of a very long one its end) without heading marks, emphasis round it, tags and white space. */
export function bareText(text: string): string {
  return text
    .slice(-1000)
    .replace(/<\/?[a-z][^<>]*>/gi, "")
    .replace(/^\s*#{1,6}(?=\s|$)/, "")
    .trim()
    .replace(/(?:\s#+|\\)$/, "")
    .replace(/^[*_\s]+|[*_\s]+$/g, "");
}

interface OpenList {
  /** Columns before the first marker. */
  readonly indent: number;
  readonly family: Marker["family"];
  readonly bullet: string;
}

interface Scan {
  readonly lines: RequestLine[];
  /** Lines still to come, for the one place that looks ahead. */
  readonly rest: (from: number) => readonly RawLine[];
  fence: string | undefined;
  closingTag: string | undefined;
  list: OpenList | undefined;
  lists: number;
}

interface RawLine {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const noEntry = { list: 0, contentAt: 0, box: "none" } as const;

/** Every line of the body, in order. Never throws, whatever the text is. */
export function readLines(body: string): RequestLine[] {
  const raw = splitLines(body);
  const scan: Scan = {
    lines: [],
    rest: (from) => raw.slice(from, from + 50),
    fence: undefined,
    closingTag: undefined,
    list: undefined,
    lists: 0,
  };
  const comments = { isOpen: false, lastClose: body.lastIndexOf("-->") };
  for (const line of raw) {
    const isCode = scan.fence !== undefined || scan.closingTag !== undefined;
    const text = isCode ? line.text : hideComments(line, comments);
    scan.lines.push({ ...line, ...noEntry, text, ...classify(scan, text, text !== line.text) });
  }
  return scan.lines;
}

function splitLines(body: string): RawLine[] {
  const lines: RawLine[] = [];
  let start = 0;
  for (const match of body.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, end: match.index, text: body.slice(start, match.index) });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: body.length, text: body.slice(start) });
  return lines;
}

/** Blanks what is inside `<!-- -->`. An opening inside a code span is text, and so is one that never closes mid-line. */
function hideComments(line: RawLine, state: { isOpen: boolean; lastClose: number }): string {
  const withoutCode = hideCodeSpans(line.text);
  let visible = "";
  let at = 0;
  while (at < line.text.length) {
    if (state.isOpen) {
      const close = line.text.indexOf("-->", at);
      const until = close === -1 ? line.text.length : close + 3;
      visible += " ".repeat(until - at);
      at = until;
      state.isOpen = close === -1;
      continue;
    }
    const open = withoutCode.indexOf("<!--", at);
    const isAtStart = open !== -1 && line.text.slice(0, open).trim() === "";
    if (open === -1 || (line.start + open > state.lastClose && !isAtStart))
      return visible + line.text.slice(at);
    visible += line.text.slice(at, open);
    at = open;
    state.isOpen = true;
  }
  return visible;
}

/** Blanks what stands between runs of equally many backticks. */
function hideCodeSpans(text: string): string {
  let visible = "";
  let open: RegExpExecArray | undefined;
  for (const run of text.matchAll(/`+/g)) {
    if (open === undefined) {
      visible += text.slice(visible.length, run.index);
      open = run;
    } else if (run[0].length === open[0].length) {
      visible += " ".repeat(run.index + run[0].length - visible.length);
      open = undefined;
    }
  }
  return visible + text.slice(visible.length);
}

type Classified = Pick<RequestLine, "role"> & Partial<RequestLine>;

function classify(scan: Scan, text: string, hadComment: boolean): Classified {
  const outside = scan.list === undefined;
  if (scan.fence !== undefined) {
    const mark = /^\s*(`{3,}|~{3,})\s*$/.exec(text)?.[1];
    if (mark?.startsWith(scan.fence)) scan.fence = undefined;
    return { role: outside ? "code" : "inner" };
  }
  if (scan.closingTag !== undefined) {
    const role = scan.closingTag === "</blockquote>" ? "quote" : "code";
    if (text.toLowerCase().includes(scan.closingTag)) scan.closingTag = undefined;
    return { role };
  }
  if (text.trim() === "") return { role: hadComment ? "comment" : "blank" };
  const inList = scan.list === undefined ? undefined : classifyInList(scan, scan.list, text);
  if (inList !== undefined) return inList;
  scan.list = undefined;
  return classifyOutside(scan, text);
}

/** What the line is to the open list; `undefined` where the list is over. Nesting is read generously: two columns. */
function classifyInList(scan: Scan, list: OpenList, text: string): Classified | undefined {
  const indent = indentOf(text);
  if (indent >= list.indent + 2) {
    scan.fence = fencePattern.exec(text)?.[1];
    return { role: "inner" };
  }
  const marker = markerOf(text);
  const isAfterBlank = scan.lines.at(-1)?.role === "blank";
  if (marker !== undefined) {
    const isSame = marker.family === list.family && (marker.bullet === list.bullet || !isAfterBlank);
    return isSame ? openEntry(scan, list, marker, text) : undefined;
  }
  const startsBlock = [fencePattern, headingPattern, quotePattern, rulePattern, htmlBlockPattern].some(
    (pattern) => pattern.test(text),
  );
  return isAfterBlank || startsBlock || !continuesEntry(scan, text) ? undefined : { role: "inner" };
}

/** Whether an unindented line is the entry's wrapped text, and not the start of what follows the list. */
function continuesEntry(scan: Scan, text: string): boolean {
  if (endsWithColon(text)) return false;
  if (/^\s*\p{Ll}/u.test(text)) return true;
  const next = scan.rest(scan.lines.length + 1);
  const blank = next.findIndex((line) => line.text.trim() === "");
  return next.slice(0, blank === -1 ? next.length : blank).some((line) => markerOf(line.text) !== undefined);
}

function openEntry(scan: Scan, list: OpenList, marker: Marker, text: string): Classified {
  scan.list = list;
  scan.fence = fencePattern.exec(text.slice(marker.contentAt))?.[1];
  return { role: "entry", list: scan.lists, contentAt: marker.contentAt, box: marker.box };
}

function classifyOutside(scan: Scan, text: string): Classified {
  const previous = scan.lines.at(-1);
  const isInParagraph = previous?.role === "text";
  const indent = indentOf(text);
  if (indent >= 4) return { role: isInParagraph ? "text" : "code" };
  scan.fence = fencePattern.exec(text)?.[1];
  if (scan.fence !== undefined) return { role: "code" };
  if (quotePattern.test(text)) return { role: "quote" };
  if (headingPattern.test(text)) return { role: "heading" };
  if (isInParagraph && underlinePattern.test(text)) {
    scan.lines.splice(-1, 1, { ...previous, role: "heading" });
    return { role: "underline" };
  }
  if (rulePattern.test(text)) return { role: "rule" };
  const tag = htmlBlockPattern.exec(text)?.[1]?.toLowerCase();
  if (tag !== undefined) {
    if (!text.toLowerCase().includes(`</${tag}>`)) scan.closingTag = `</${tag}>`;
    return { role: tag === "blockquote" ? "quote" : "code" };
  }
  const marker = markerOf(text);
  if (marker !== undefined && !(isInParagraph && !interrupts(marker, text))) {
    scan.lists += 1;
    return openEntry(scan, { indent, family: marker.family, bullet: marker.bullet }, marker, text);
  }
  return { role: previous?.role === "quote" ? "quote" : "text" };
}

/** CommonMark: within a paragraph only a list that has text, and starts at 1 if it is numbered, is a list. */
function interrupts(marker: Marker, text: string): boolean {
  return marker.number === 1 && text.slice(marker.contentAt).trim() !== "";
}
