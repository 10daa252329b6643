import { lowStock } from "./stock.js";

/** What to order of each item that is low, so that twice its minimum is there. */
export function reorder(items) {
  return lowStock(items).map(({ name, count, minimum }) => ({ name, count: minimum * 2 - count }));
}
