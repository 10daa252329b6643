// Other people's and models' words made harmless before they stand in our Markdown.

/**
 * One line of text that renders as itself and does nothing: no mention, link, image, closing keyword, HTML or Markdown.
 * Longer than `limit` characters is cut with an ellipsis.
 */
export function inert(text: string, limit = 300): string {
  const line = escapeInvisible(text).replace(/\s+/g, " ").trim();
  const cut = line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
  const entity = (mark: string) => `&#${mark.charCodeAt(0)};`;
  return cut
    .replace(/[\\`*_{}[\]<>|~@#]|:(?=\/\/)/g, entity)
    .replace(/^([-+=]|\d+[.)])/, (mark) => `${mark.slice(0, -1)}${entity(mark.slice(-1))}`);
}

/** Several lines in a fence that the text cannot close. Cut at `limit` characters. */
export function fenced(text: string, limit = 8_000): string {
  const shown = escapeInvisible(text.length > limit ? `${text.slice(0, limit)}\n…` : text);
  const longest = Math.max(2, ...[...shown.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${shown.replaceAll("\r\n", "\n").trimEnd()}\n${fence}`;
}

/** Bidirectional controls, tag characters and other invisible ones, shown as their code points. */
export function escapeInvisible(text: string): string {
  return text.replace(
    /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|(?![\n\r\t])\p{Cc}/gu,
    (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/** GitHub's limit for a comment's body is 65,536 characters; the rest is replaced by `more`. */
export function capped(body: string, more: string, limit = 65_000): string {
  return body.length <= limit ? body : `${body.slice(0, limit - more.length - 2)}\n\n${more}`;
}

export function thousands(count: number): string {
  return count.toLocaleString("en-US");
}

export function dollars(usd: number | null): string {
  return usd === null ? "price unknown" : `$${usd.toFixed(2)}`;
}
