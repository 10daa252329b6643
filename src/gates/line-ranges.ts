// Writes lines of files as people do: `lib/a.js:3-5,9`.

const shownCharacters = 400;

interface Place {
  readonly path: string;
  readonly line: number;
}

function rangesOf(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const line of lines.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && line <= last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** Cut where it grows long. */
export function lineRanges(places: readonly Place[]): string {
  const byPath = Map.groupBy(places, ({ path }) => path);
  const text = [...byPath]
    .map(([path, all]) => `${path}:${rangesOf(all.map(({ line }) => line))}`)
    .join(", ");
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters)}…`;
}
