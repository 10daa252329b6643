// What a row of the hostile corpus is: an attack that is tried against the real thing, and what has to come of it.

export interface Held {
  readonly held: boolean;
  /** What held it back; otherwise, what got through. */
  readonly by: string;
}

export interface HostileRow {
  readonly group: string;
  /** The attack, as a clause. */
  readonly row: string;
  readonly expect: string;
  try(): Promise<Held>;
}

/** Held where every one of these is so. */
export function heldIf(facts: Readonly<Record<string, boolean>>): Held {
  const broken = Object.entries(facts).flatMap(([fact, isSo]) => (isSo ? [] : [fact]));
  return broken.length > 0
    ? { held: false, by: `not so: ${broken.join("; ")}` }
    : { held: true, by: Object.keys(facts).join("; ") };
}

/** Rows of one group, each with its attack. */
export function groupOf(
  group: string,
  rows: readonly (readonly [row: string, expect: string, attack: () => Promise<Held>])[],
): HostileRow[] {
  return rows.map(([row, expect, attack]) => ({ group, row, expect, try: attack }));
}
