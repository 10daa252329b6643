// Which issue of its own repository a pull request says it settles: GitHub's closing keywords in its description, where
// they stand as prose. A description is anybody's text: code, quotes and comments link nothing.
import { type RequestLine, readLines } from "./request-lines.ts";

const closing = /(?<![\w/#&-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?::\s*|[ \t]+)/gi;
const reference = /(?:([\w.-]+\/[\w.-]+))?#([1-9]\d{0,9})(?![\w-])/y;

/** Lists in lists: deeper ones than this are left unread. */
const deepest = 6;

/** Their numbers, each once, in the order of the text. `repository` is `owner/name`; those of others do not count. */
export function linkedIssues(body: string, repository: string): number[] {
  const numbers = paragraphsOf(body, deepest).flatMap((paragraph) => referencesIn(paragraph, repository));
  return [...new Set(numbers)];
}

function referencesIn(paragraph: string, repository: string): number[] {
  const text = withoutInlineCode(paragraph);
  return [...text.matchAll(closing)].flatMap((keyword) => {
    reference.lastIndex = keyword.index + keyword[0].length;
    const found = reference.exec(text);
    const isOurs = found?.[1] === undefined || found[1].toLowerCase() === repository.toLowerCase();
    return found && isOurs ? [Number(found[2])] : [];
  });
}

/** Code spans may go over line ends, so they are looked for in whole paragraphs. */
function withoutInlineCode(paragraph: string): string {
  return paragraph
    .replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, " ` ")
    .replaceAll(/<(code|kbd|samp|tt|del|s)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, " ` ");
}

/** Runs of prose lines; of a list each entry is read as a text of its own. */
function paragraphsOf(text: string, depth: number): string[] {
  const lines = readLines(text);
  const paragraphs: string[][] = [[]];
  for (const [at, line] of lines.entries()) {
    if (line.role === "text" || line.role === "heading") paragraphs.at(-1)?.push(line.text);
    else paragraphs.push([]);
    if (line.role === "entry" && depth > 0)
      paragraphs.push(...paragraphsOf(entryText(lines, at), depth - 1).map((one) => [one]), []);
  }
  return paragraphs.filter((one) => one.length > 0).map((one) => one.join("\n"));
}

/** An entry without its marker, its further lines moved to the left as far as all of them go. */
function entryText(lines: readonly RequestLine[], first: number): string {
  const following = lines.slice(first + 1);
  const end = following.findIndex(({ role }) => role !== "inner" && role !== "blank" && role !== "comment");
  const inner = following.slice(0, end === -1 ? following.length : end).map(({ text }) => text);
  const indents = inner.flatMap((text) =>
    text.trim() === "" ? [] : [text.length - text.trimStart().length],
  );
  const indent = Math.min(...indents);
  const opening = lines[first];
  const lead = opening?.text.slice(opening.contentAt) ?? "";
  return [lead, ...inner.map((text) => text.slice(Number.isFinite(indent) ? indent : 0))].join("\n");
}
