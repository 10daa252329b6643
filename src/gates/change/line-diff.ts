// The difference of two texts in lines: Myers' greedy algorithm, which finds a shortest edit script.
// http://www.xmailserver.org/diff2.pdf

export interface Hunk {
  /** From 1. Where `baseLines` is empty: the line before which the new ones stand. */
  readonly baseStart: number;
  readonly baseLines: readonly string[];
  /** From 1. Where `headLines` is empty: the line before which the old ones stood. */
  readonly headStart: number;
  readonly headLines: readonly string[];
}

/** More edits than this are one hunk: nobody reads them apart, and the search takes their square in memory. */
const mostEdits = 2000;

/** Without the empty one behind the last line feed. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

interface Middle {
  readonly a: readonly string[];
  readonly b: readonly string[];
}

/** For each number of edits, the furthest `x` on each diagonal `k`, at index `k + edits`. */
function searchForward({ a, b }: Middle): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  let previous = new Int32Array(1);
  for (let edits = 0; edits <= Math.min(a.length + b.length, mostEdits); edits++) {
    const reached = new Int32Array(2 * edits + 1);
    for (let k = -edits; k <= edits; k += 2) {
      const down = previous[k + edits] ?? -1;
      const right = previous[k + edits - 2] ?? -1;
      let x = edits === 0 ? 0 : k === -edits || (k !== edits && right < down) ? down : right + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reached[k + edits] = x;
      if (x >= a.length && x - k >= b.length) return [...trace, reached];
    }
    trace.push(reached);
    previous = reached;
  }
  return undefined;
}

/** Lines that both have, as pairs of indices, last first. */
function keptPairs({ a, b }: Middle, trace: readonly Int32Array[]): [number, number][] {
  const kept: [number, number][] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const before = trace[edits - 1];
    const k = x - y;
    const at = (diagonal: number) => before?.[diagonal + edits - 1] ?? -1;
    const isDown = k === -edits || (k !== edits && at(k - 1) < at(k + 1));
    const from = isDown ? at(k + 1) : at(k - 1);
    const [fromX, fromY] = before === undefined ? [0, 0] : [from, from - (isDown ? k + 1 : k - 1)];
    const snakeStart = before === undefined ? 0 : isDown ? fromX : fromX + 1;
    while (x > snakeStart) kept.push([--x, --y]);
    [x, y] = [fromX, fromY];
  }
  return kept;
}

function commonEnds(a: readonly string[], b: readonly string[]): { start: number; end: number } {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { start, end };
}

/** Neighbouring changes, with no common line between them, are one hunk. In the order of the file. */
export function diffLines(before: string, after: string): Hunk[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const { start, end } = commonEnds(a, b);
  const middle = { a: a.slice(start, a.length - end), b: b.slice(start, b.length - end) };
  const trace = searchForward(middle);
  const kept = trace === undefined ? [] : keptPairs(middle, trace).reverse();
  const hunks: Hunk[] = [];
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of [...kept, [middle.a.length, middle.b.length] as const]) {
    const [baseLines, headLines] = [middle.a.slice(x, nextX), middle.b.slice(y, nextY)];
    if (baseLines.length + headLines.length > 0)
      hunks.push({ baseStart: start + x + 1, baseLines, headStart: start + y + 1, headLines });
    [x, y] = [nextX + 1, nextY + 1];
  }
  return hunks;
}
