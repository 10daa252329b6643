// Characters that people do not see, or see in another order, and that a model reads all the same: whoever approved such
// a text has not seen what is worked on.

/** Flags of countries' parts and variants of ideographs are made of such characters, and seen. */
const seen = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,6}\u{e007f}|\p{Script=Han}[\u{e0100}-\u{e01ef}]/gu;

const hidden =
  // Controls of the direction of text, tags, selectors, annotations, control codes; and runs of what has no width, which
  // spell messages.
  /[\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e0fff}]|(?![\t\n\r])\p{Cc}|(?:\u00ad|\u180e|[\u200b-\u200d]|[\u2060-\u2064]|[\ufe00-\ufe0f]|\ufeff){4}/gu;

export interface HiddenCharacters {
  /** As `U+202E`, each once, in their order; at most 10. */
  readonly names: readonly string[];
  /** The words around the first one, as they are: to be escaped where they are shown. */
  readonly excerpt: string;
}

/** `undefined` where everything in the text is seen. */
export function hiddenCharacters(text: string): HiddenCharacters | undefined {
  const rest = text.replace(seen, (part) => " ".repeat(part.length));
  const matches = [...rest.matchAll(hidden)];
  const [first] = matches;
  if (!first) return undefined;
  const names = new Set(matches.map(([character]) => codePointName(character)));
  const from = Math.max(0, first.index - 40);
  return { names: [...names].slice(0, 10), excerpt: text.slice(from, first.index + 40) };
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
