// What must not be shown of a job: secrets, tokens and `add-mask` values, in the spellings they may leak in.

export interface Masks {
  /** Every line of a value is masked on its own too, as GitHub's runner does. Empty values are ignored. */
  add(value: string): void;
  mask(text: string): string;
  hides(text: string): boolean;
}

const SHORTEST_ENCODED = 8;

/** Base64 of the value at each of the three offsets at which it may stand in a longer text. */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  return [0, 1, 2].map((shift) => {
    const shifted = bytes.subarray(shift);
    return shifted.subarray(0, shifted.length - (shifted.length % 3)).toString("base64");
  });
}

function spellings(value: string): string[] {
  const encoded = [...base64Spellings(value), encodeURIComponent(value)];
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    ...encoded.filter((text) => text.length >= SHORTEST_ENCODED),
  ];
}

export function createMasks(initial: Iterable<string>): Masks {
  const hidden = new Set<string>();
  let expression: RegExp | undefined;
  const add = (value: string) => {
    const parts = [value, ...value.split(/\r?\n/)].map((part) => part.trim()).filter((part) => part !== "");
    for (const part of parts) for (const spelling of spellings(part)) hidden.add(spelling);
    expression = undefined;
  };
  const mask = (text: string) => {
    if (hidden.size === 0) return text;
    expression ??= new RegExp(
      [...hidden]
        .sort((a, b) => b.length - a.length)
        .map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return text.replace(expression, "***");
  };
  for (const value of initial) add(value);
  return { add, mask, hides: (text) => mask(text) !== text };
}
