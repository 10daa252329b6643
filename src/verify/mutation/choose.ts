// Which mutants are worth their time when not all can be tried: spread over hunks, and over the lines of each.
import type { MadeMutant } from "./mutants.ts";

/** Evenly over the list for every length of a prefix: the golden ratio's multiples. */
export function spread<Item>(items: readonly Item[]): readonly Item[] {
  const place = (index: number) => (index * 0.618_033_988_75) % 1;
  return items
    .map((item, index) => ({ item, place: place(index) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** One from each group in turn. */
export function inTurns<Item>(groups: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, round) =>
    groups.flatMap((group) => (round < group.length ? group.slice(round, round + 1) : [])),
  ).flat();
}

/** Large pieces first: they say most, and cost the same. */
export function chooseDrops(drops: readonly MadeMutant[], most: number): readonly MadeMutant[] {
  return drops.toSorted((a, b) => b.lines.length - a.lines.length).slice(0, most);
}
