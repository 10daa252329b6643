import { lowStock } from "./stock.js";

/** What to order of each item that is low, in whole packs, so that twice its minimum is there. */
export function reorder(items) {
  return lowStock(items).map(({ name, count, minimum, pack }) => ({
    name,
    count: Math.ceil((minimum * 2 - count) / pack) * pack,
  }));
}
