// Other people's and models' words made harmless before they stand in our Markdown, titles, logs and terminals.

/** Entities are no help: GitHub looks for mentions and references in what is rendered. This breaks them, unseen. */
const apart = "&#8203;";

/**
 * One line of text that renders as itself and does nothing: no mention, link, image, closing keyword, HTML or Markdown.
 * Longer than `limit` characters is cut with an ellipsis.
 */
export function inert(text: string, limit = 300): string {
  const entity = (mark: string) => `&#${mark.charCodeAt(0)};`;
  return oneLine(text, limit)
    .replace(/[\\`*_{}[\]<>|~@#&]|:(?=\/\/)/g, (mark) =>
      "@#:".includes(mark) ? `${entity(mark)}${apart}` : entity(mark),
    )
    .replace(/\bGH-(?=\d)|\bwww(?=\.)/gi, (start) => `${start}${apart}`)
    .replace(/^([-+=]|\d+[.)])/, (mark) => `${mark.slice(0, -1)}${entity(mark.slice(-1))}`);
}

/**
 * One line for where no Markdown is read, but mentions and closing keywords are: titles, of which GitHub makes the
 * messages of commits.
 */
export function plainLine(text: string, limit: number): string {
  return oneLine(text, limit).replace(/[@#]|\bGH-(?=\d)|:(?=\/\/)/gi, (mark) => `${mark}\u200b`);
}

/** One line with nothing hidden in it, cut at `limit` characters. It may still hold Markdown. */
export function oneLine(text: string, limit: number): string {
  // No more than can be shown is looked at, but for white space.
  const line = escapeInvisible(text.slice(0, limit * 20))
    .replace(/\s+/g, " ")
    .trim();
  return line.length > limit ? `${withoutHalf(line.slice(0, limit - 1))}…` : line;
}

/** Several lines in a fence that the text cannot close. Cut at `limit` characters. */
export function fenced(text: string, limit = 8_000): string {
  const shown = escapeInvisible(text.length > limit ? `${withoutHalf(text.slice(0, limit))}\n…` : text);
  const longest = Math.max(2, ...[...shown.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${shown.replaceAll("\r\n", "\n").trimEnd()}\n${fence}`;
}

/** What joins pictographs to one, and chooses how one looks, is seen as part of it. */
const partOfPictograph =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})|(?<![\ufe0e\ufe0f])[\ufe0e\ufe0f]/u;
const invisible = new RegExp(
  `(?!${partOfPictograph.source})[\\p{Default_Ignorable_Code_Point}\\u2028\\u2029\\ufff9-\\ufffb]|\\r(?!\\n)|(?![\\n\\r\\t])\\p{Cc}`,
  "gu",
);

/** Bidirectional controls, tag characters, control codes and other invisible ones, shown as their code points. */
export function escapeInvisible(text: string): string {
  return text.replace(
    invisible,
    (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/**
 * One line for the log of a job, which the runner takes for no command of its own. It reads `::name::` after leading
 * white space and `##[name]` anywhere:
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function logLine(text: string, limit = 4_000): string {
  const line = text
    .slice(0, limit)
    .split(/[\n\v\f\r\u0085\u2028\u2029]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ⏎ ");
  const cut = text.length > limit ? `${withoutHalf(line)}…` : line;
  return escapeInvisible(cut).replace(/^::/, ": :").replaceAll("##[", "## [");
}

/** GitHub's limit for a comment's body is 65,536 characters; the rest is replaced by `more`. Cut between lines. */
export function capped(body: string, more: string, limit = 65_000): string {
  if (body.length <= limit) return body;
  const room = limit - more.length - 2;
  const lineEnd = body.lastIndexOf("\n", room);
  const end = lineEnd > room - 2_000 ? lineEnd : room;
  return `${withoutHalf(body.slice(0, end))}\n\n${more}`;
}

/** A character of two units that was cut in the middle is none. */
function withoutHalf(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, "");
}

export function thousands(count: number): string {
  return count.toLocaleString("en-US");
}

export function dollars(usd: number | null): string {
  return usd === null ? "price unknown" : `$${usd.toFixed(2)}`;
}
