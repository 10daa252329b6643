// Patterns of a script: a text that must occur, or a regular expression written as `/source/flags`.

const REGEX_FORM = /^\/(?<source>[\s\S]+)\/(?<flags>[dimsuvy]*)$/;

/** Why `pattern` is no pattern; `undefined` where it is one. */
export function patternError(pattern: string): string | undefined {
  try {
    toRegExp(pattern);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** The first group where there is one, else the whole match; `undefined` where nothing matches. */
export function find(pattern: string, text: string): string | undefined {
  const regExp = toRegExp(pattern);
  if (!regExp) return text.includes(pattern) ? pattern : undefined;
  const match = regExp.exec(text);
  return match ? (match[1] ?? match[0]) : undefined;
}

export function missing(patterns: string | readonly string[] | undefined, text: string): string[] {
  const all = typeof patterns === "string" ? [patterns] : (patterns ?? []);
  return all.filter((pattern) => find(pattern, text) === undefined);
}

/** Puts captured values in for `${name}`. A name that was never captured stays: it may be code. */
export function fill(template: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof template === "string") {
    return template.replace(/\$\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
  }
  if (Array.isArray(template)) return template.map((entry) => fill(entry, values));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, entry]) => [key, fill(entry, values)]));
}

function toRegExp(pattern: string): RegExp | undefined {
  const { source, flags } = REGEX_FORM.exec(pattern)?.groups ?? {};
  return source === undefined ? undefined : new RegExp(source, flags);
}
