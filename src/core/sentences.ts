// The sentences of a request that no item covers. Code, quotes, HTML comments and what a template brought are left out.
import { isConfirmation, isTemplateHeading } from "./lead-line.ts";
import { bareText, endsWithColon, type RequestLine } from "./request-lines.ts";

interface Coverage {
  readonly title: string;
  readonly lines: readonly RequestLine[];
  /** What items cover, as offsets in the body. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly spans: readonly string[];
}

/** In order, each with its white space made single. */
export function uncoveredSentences({ title, lines, ranges, spans }: Coverage): string[] {
  const covered = spans.map(singleSpaced);
  const firstStart = ranges[0]?.start ?? 0;
  const lastEnd = ranges.at(-1)?.end ?? 0;
  const open = lines.filter((line) => line.end < firstStart || line.start > lastEnd);
  const sentences = [title, ...paragraphs(open)].flatMap(splitSentences);
  return sentences.filter(
    (sentence) => saysSomething(sentence) && !covered.some((span) => span.includes(sentence)),
  );
}

/** Texts to split: wrapped lines are joined, list entries and table rows stand alone. */
function paragraphs(lines: readonly RequestLine[]): string[] {
  const texts: string[] = [];
  let previous: RequestLine | undefined;
  for (const line of lines) {
    const text = visibleText(line);
    if (text !== "") {
      const last = texts.at(-1);
      if (last !== undefined && previous !== undefined && isWrapped(previous, line)) {
        texts.splice(-1, 1, `${last} ${text}`);
      } else texts.push(text);
    }
    previous = text === "" ? undefined : line;
  }
  return texts;
}

function visibleText(line: RequestLine): string {
  switch (line.role) {
    case "text":
    case "inner":
    case "entry": {
      const text = line.text
        .slice(line.contentAt)
        .replace(/^\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]?\]\s+)?/, "")
        .trim();
      if (isConfirmation(text)) return "";
      if (/^\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*$/.test(text)) return "";
      const isLabel = /^\s*(?:\*\*|__)[^*_]+(?:\*\*|__)\s*$/.test(text) && isTemplateHeading(bareText(text));
      return isLabel ? "" : text.replace(/<\/?[a-z][^<>]*>/gi, "").trim();
    }
    case "heading": {
      const text = bareText(line.text);
      return isTemplateHeading(text) ? "" : text;
    }
    default:
      return "";
  }
}

/** Whether the second line goes on with the first one's sentence: it starts small, or the first was a full line. */
function isWrapped(first: RequestLine, second: RequestLine): boolean {
  if (first.role === "heading" || second.role === "heading" || second.role === "entry") return false;
  if (endsWithColon(first.text) || first.text.trim().startsWith("|")) return false;
  if (/^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(second.text)) return false;
  return /^\s*[\p{Ll}(]/u.test(second.text) || first.text.trimEnd().length >= 60;
}

const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|resp|no|mr|ms|dr|st|fig|incl)\.$/i;

function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/(?<![.!?…])[.!?…]+["')\]»”’]*\s+(?![\s\p{Ll}])|[。！？]+[」』”]?/gu)) {
    const end = match.index + match[0].length;
    if (abbreviation.test(text.slice(start, match.index + 1))) continue;
    sentences.push(text.slice(start, end));
    start = end;
  }
  sentences.push(text.slice(start));
  return sentences.map(singleSpaced);
}

/** False for what has no words: pictures alone, rules, a form's empty answer, the definition of a link. */
function saysSomething(sentence: string): boolean {
  if (/^(?:_no response_|n\/?a|none\.?|-+)$/i.test(sentence)) return false;
  if (/^\[[^\]]+\]:\s/.test(sentence)) return false;
  return /[\p{L}\p{N}]/u.test(sentence.replace(/!\[[^\]]*\]\([^)]*\)/g, ""));
}

function singleSpaced(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
